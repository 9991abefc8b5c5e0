/** Two order numbers are the same when they agree in this form: compatibility forms unified, upper case, without `#` and spaces. */
export function normalOrder(number: string): string {
  const digits = number.normalize('NFKC').replace(/\p{Nd}/gu, (digit) => String(digitValue(digit)));
  return digits.toUpperCase().replace(/[#\s]/g, '');
}

// Decimal digits of every script stand in runs of ten, from zero on.
function digitValue(digit: string): number {
  const code = digit.codePointAt(0) ?? 0;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return code - zero;
}
