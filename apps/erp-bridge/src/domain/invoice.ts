import { refundTooMuch } from './errors.js';
import { isMore, minus, sumOf, type Money } from './money.js';

export const INVOICE_STATUSES = ['open', 'paid', 'overdue', 'void'] as const;
export type InvoiceStatus = (typeof INVOICE_STATUSES)[number];

/** An invoice; `orderNumber` is empty when it is for no order. `dueOn` is a date, `YYYY-MM-DD`. */
export interface Invoice {
  number: string;
  orderNumber: string;
  customerId: string;
  total: Money;
  status: InvoiceStatus;
  dueOn: string;
}

/** A page where an invoice can be paid. */
export interface PaymentLink {
  url: string;
  expiresAt: Date;
}

export interface Refund {
  refundId: string;
  amount: Money;
}

const PAYMENT_DAYS = 14;
const DAY_MS = 86_400_000;

/** How long a payment page works: long enough for somebody who has to fetch a card, short enough for a link in a chat. */
export const PAYMENT_LINK_MS = DAY_MS;

/** The date an invoice written now is due. */
export function dueDate(now: Date): string {
  return new Date(now.getTime() + PAYMENT_DAYS * DAY_MS).toISOString().slice(0, 10);
}

/** Whether money can still be paid on it. */
export function isPayable(invoice: Pick<Invoice, 'status'>): boolean {
  return invoice.status === 'open' || invoice.status === 'overdue';
}

/**
 * What to give back of an order's total after the refunds made before: the amount asked for, else all that is left.
 * @throws AppError `REFUND.TOO_MUCH`
 */
export function refundAmount(total: Money, before: readonly Money[], asked: Money | undefined): Money {
  const spent = sumOf(before.map((unitPrice) => ({ quantity: 1, unitPrice })));
  const left = spent ? minus(total, spent) : total;
  const wanted = asked ?? left;
  const nothing = { amount: '0', currency: left.currency };
  if (wanted.currency !== left.currency || isMore(wanted, left) || !isMore(wanted, nothing)) throw refundTooMuch();
  return wanted;
}

/** An invoice as a file. */
export interface InvoiceDocument {
  fileName: string;
  mimeType: string;
  content: Uint8Array;
}
