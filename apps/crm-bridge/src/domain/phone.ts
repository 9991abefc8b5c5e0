// Numbers that a country writes in two ways; WhatsApp ids often have the older one. The first group is kept, `with` is what
// the canonical form has in between.
const TWO_WAYS: readonly { either: RegExp; write: (area: string, rest: string) => string }[] = [
  // Brazil: mobile numbers got a ninth digit in front of the eight (which begin with 6 to 9).
  { either: /^55(\d{2})9?([6-9]\d{7})$/, write: (area, rest) => `55${area}9${rest}` },
  // Mexico: a 1 after the country code, until 2019.
  { either: /^52()1?(\d{10})$/, write: (_area, rest) => `52${rest}` },
  // Argentina: a 9 after the country code for mobile numbers called from abroad.
  { either: /^54()9?(\d{10})$/, write: (_area, rest) => `54${rest}` },
];

/** The digits of a number; `00` in front is dropped like a `+`. Empty when there are none. */
export function phoneDigits(phone: string): string {
  return phone.normalize('NFKC').replace(/\D/g, '').replace(/^00/, '');
}

/** One form for all ways a number is written; two numbers are the same when these are. Empty for no number. */
export function canonicalPhone(phone: string): string {
  const digits = phoneDigits(phone);
  for (const { either, write } of TWO_WAYS) {
    const match = either.exec(digits);
    if (match) return write(match[1] ?? '', match[2] ?? '');
  }
  return digits;
}
