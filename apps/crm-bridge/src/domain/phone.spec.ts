import { canonicalPhone, phoneDigits } from './phone.js';

describe('phone numbers', () => {
  it.each([
    ['+55 11 99010-0103', '551190100103', 'the ninth digit of Brazil'],
    ['+5215512345678', '525512345678', 'the 1 of Mexico'],
    ['+5491123456789', '541123456789', 'the 9 of Argentina'],
    ['+1 (212) 555-0101', '12125550101', 'punctuation'],
    ['0012125550101', '12125550101', 'a leading 00'],
  ])('takes %s and %s for the same, for %s', (a, b) => {
    expect(canonicalPhone(a)).toBe(canonicalPhone(b));
  });

  it('keeps apart what is apart', () => {
    const numbers = ['+551132345678', '+5511932345678', '+5511990100103', '+525512345678', '+541123456789', '+521234'];
    expect(new Set(numbers.map(canonicalPhone)).size).toBe(numbers.length);
  });

  it('changes nothing the second time, and knows no number from none', () => {
    const once = canonicalPhone('+5215512345678');
    expect(canonicalPhone(once)).toBe(once);
    expect(canonicalPhone('')).toBe('');
    expect(phoneDigits('+')).toBe('');
  });
});
