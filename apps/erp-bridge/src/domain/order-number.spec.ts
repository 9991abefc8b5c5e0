import { orderKey } from './order-number.js';

describe('orderKey', () => {
  it.each([
    ['1234', '1234'],
    ['#1234', '1234'],
    ['# 12 34', '1234'],
    ['so-10023', 'SO-10023'],
    ['WEB/2026/00081', 'WEB/2026/00081'],
    ['١٢٣٤', '1234'],
    ['۱۲۳۴', '1234'],
    ['१२३४', '1234'],
    ['০৯', '09'],
    ['１２３４', '1234'],
    ['𝟏𝟐𝟑𝟒', '1234'],
    ['12\u00a034', '1234'],
    ['ａ１ｂ２', 'A1B2'],
  ])('compares %s as %s', (written, key) => {
    expect(orderKey(written)).toBe(key);
  });

  it('maps every decimal digit of Unicode to one ASCII digit, zeros first', () => {
    for (let code = 0; code <= 0x10ffff; code += 1) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const text = String.fromCodePoint(code);
      if (/\p{Nd}/u.test(text)) expect(orderKey(text)).toMatch(/^[0-9]$/);
    }
  });

  it('changes nothing the second time', () => {
    expect(orderKey(orderKey(' # Ab-٣ '))).toBe('AB-3');
  });
});
