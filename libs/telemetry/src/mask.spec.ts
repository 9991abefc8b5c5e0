import { maskSensitive, maskValue } from './mask.js';

describe('maskSensitive', () => {
  it.each([
    ['my card is 4111 1111 1111 1111 ok?', 'my card is ••••1111 ok?'],
    ['5555-5555-5555-4444', '••••4444'],
    ['pay to DE89 3704 0044 0532 0130 00 please', 'pay to DE••••3000 please'],
    ['gb82west12345698765432', 'GB••••5432'],
    ['my OTP is 482913', 'my OTP is ••••'],
    ['verification code: 123-456.', 'verification code: ••••.'],
    ['mein Bestätigungscode lautet 9912', 'mein Bestätigungscode lautet ••••'],
    ['código de verificación 55821', 'código de verificación ••••'],
  ])('masks %j', (text, masked) => {
    expect(maskSensitive(text)).toBe(masked);
    expect(maskSensitive(masked)).toBe(masked);
  });

  it.each([
    'Track order 1234',
    'order WEB/2026/00081 and 4111 1111 1111 1112',
    'parcel 00340434161094042557',
    'discount code 2024 for order 10023',
    'call me at +49 170 1234567 at 16:00 on 2026-11-22',
    'DE00 3704 0044 0532 0130 00',
  ])('leaves %j alone', (text) => expect(maskSensitive(text)).toBe(text));

  it('reaches into values', () => {
    const date = new Date(0);
    expect(maskValue({ a: ['4111111111111111', 1], at: date, n: null })).toEqual({
      a: ['••••1111', 1],
      at: date,
      n: null,
    });
  });
});
