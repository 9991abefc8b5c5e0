const LETTER_BASE = 63;

/** Whether this is a parcel of UPS: 1Z, fifteen letters or digits, and the digit that checks them. */
export function isUps(code: string): boolean {
  if (!/^1Z[0-9A-Z]{15}\d$/.test(code)) return false;
  const sum = [...code.slice(2, 17)].reduce((total, sign, at) => {
    const value = /\d/.test(sign) ? Number(sign) : (sign.charCodeAt(0) - LETTER_BASE) % 10;
    return total + (at % 2 === 1 ? value * 2 : value);
  }, 0);
  return (10 - (sum % 10)) % 10 === Number(code.at(-1));
}

const S10_WEIGHTS = [8, 6, 4, 2, 3, 5, 9, 7];

/** Whether this is an item of a postal union's member (S10): RR473124829MX. */
export function isPostal(code: string): boolean {
  if (!/^[A-Z]{2}\d{9}[A-Z]{2}$/.test(code)) return false;
  const sum = S10_WEIGHTS.reduce((total, weight, at) => total + weight * Number(code[at + 2]), 0);
  const check = 11 - (sum % 11);
  return (check === 10 ? 0 : check === 11 ? 5 : check) === Number(code[10]);
}

/** Whether it is shaped like one of these, right or not. */
export const looksLikeParcel = (code: string): boolean => /^(?:1Z[0-9A-Z]{16}|[A-Z]{2}\d{9}[A-Z]{2})$/.test(code);
