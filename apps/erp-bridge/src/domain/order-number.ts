// Decimal digits come in runs that begin with the script's zero. NFKC has already turned the mathematical and full-width
// ones into ASCII; of the rest no two runs touch, so the distance to the start of the run is the digit.
const DIGIT = /\p{Nd}/u;

function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let distance = 0;
  while (distance < 9 && DIGIT.test(String.fromCodePoint(code - distance - 1))) distance += 1;
  return String(distance);
}

/**
 * The form in which order numbers are compared: NFKC, ASCII digits, upper case, without `#` and spaces. `# so-10023` and
 * `SO-10023` are the same, and so are `١٢٣٤` and `1234`.
 */
export function orderKey(number: string): string {
  return number
    .normalize('NFKC')
    .replace(/(?![0-9])\p{Nd}/gu, asciiDigit)
    .toUpperCase()
    .replace(/[#\s]/gu, '');
}
