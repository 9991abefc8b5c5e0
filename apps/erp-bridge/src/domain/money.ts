/** An amount of money. Amounts are decimal strings: binary fractions cannot hold cents. */
export interface Money {
  amount: string;
  currency: string;
}

// A decimal with a dot, at most six places: more than any currency has, few enough for exact sums.
const AMOUNT = /^-?\d{1,15}(\.\d{1,6})?$/;
const CURRENCY = /^[A-Z]{3}$/;

export function isMoney(money: Money): boolean {
  return AMOUNT.test(money.amount) && CURRENCY.test(money.currency);
}

function unscaled(amount: string, scale: number): bigint {
  const [whole = '0', fraction = ''] = amount.split('.');
  return BigInt(whole + fraction.padEnd(scale, '0'));
}

function decimal(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return units < 0n ? `-${text}` : text;
}

const scaleOf = (amount: string): number => amount.split('.')[1]?.length ?? 0;

/** The exact sum of quantity × price; undefined for no parts, or parts in several currencies, which have no sum. */
export function sumOf(parts: readonly { quantity: number; unitPrice: Money }[]): Money | undefined {
  const currency = parts[0]?.unitPrice.currency;
  if (currency === undefined || parts.some((part) => part.unitPrice.currency !== currency)) return undefined;
  const scale = Math.max(...parts.map((part) => scaleOf(part.unitPrice.amount)));
  const units = parts.reduce((sum, part) => sum + unscaled(part.unitPrice.amount, scale) * BigInt(part.quantity), 0n);
  return { amount: decimal(units, scale), currency };
}

/** Whether `a` is more than `b`; both in the same currency. */
export function isMore(a: Money, b: Money): boolean {
  const scale = Math.max(scaleOf(a.amount), scaleOf(b.amount));
  return unscaled(a.amount, scale) > unscaled(b.amount, scale);
}

/** `a` minus `b`; both in the same currency. */
export function minus(a: Money, b: Money): Money {
  const scale = Math.max(scaleOf(a.amount), scaleOf(b.amount));
  return { amount: decimal(unscaled(a.amount, scale) - unscaled(b.amount, scale), scale), currency: a.currency };
}
