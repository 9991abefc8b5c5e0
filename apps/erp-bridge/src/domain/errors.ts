import { AppError, failedPrecondition, invalidArgument, notFound } from '@parley/errors';

/** Thrown when an order does not exist, or belongs to somebody else, which is the same to whoever asks. */
export const orderNotFound = (): AppError => notFound('ORDER.NOT_FOUND', 'There is no such order for this customer.');

/** Thrown when a part of the order has left, or the order is over. */
export const orderNotCancellable = (status: string): AppError =>
  failedPrecondition('ORDER.NOT_CANCELLABLE', 'The order cannot be cancelled any more.', { status });

/** Thrown when goods are to be sent back that the customer does not have. */
export const orderNotReturnable = (status: string): AppError =>
  failedPrecondition('ORDER.NOT_RETURNABLE', 'Only what was delivered can be sent back.', { status });

/** Thrown when more is to be sent back than the order has. */
export const notInOrder = (sku: string): AppError =>
  failedPrecondition('ORDER.NOT_IN_ORDER', 'The order does not have that many of the product.', { sku });

/** Thrown when an order has no lines, or lines in several currencies, so that it has no total. */
export const orderWithoutTotal = (): AppError =>
  failedPrecondition('ORDER.NO_TOTAL', 'The order has no total in one currency.');

/** Thrown when a product is not in the catalogue. */
export const productNotFound = (sku: string): AppError =>
  notFound('PRODUCT.NOT_FOUND', 'The catalogue does not have the product.', { sku });

/** Thrown when fewer are available than asked for. */
export const stockInsufficient = (sku: string, available: number): AppError =>
  failedPrecondition('STOCK.INSUFFICIENT', 'There are not enough of the product.', { sku, available: `${available}` });

/** Thrown when a reservation does not exist. */
export const reservationNotFound = (): AppError => notFound('RESERVATION.NOT_FOUND', 'There is no such reservation.');

/** Thrown when a reservation is to be confirmed after its time, or after it was given back. */
export const reservationExpired = (): AppError =>
  failedPrecondition('RESERVATION.EXPIRED', 'The reservation has expired or was given back.');

/** Thrown when an invoice does not exist, or belongs to somebody else. */
export const invoiceNotFound = (): AppError =>
  notFound('INVOICE.NOT_FOUND', 'There is no such invoice for this customer.');

/** Thrown when an invoice has nothing left to pay. */
export const invoiceNotPayable = (status: string): AppError =>
  failedPrecondition('INVOICE.NOT_PAYABLE', 'The invoice has nothing to pay.', { status });

/** Thrown when a payment page is asked for and no address of one is configured. */
export const paymentsNotConfigured = (): AppError =>
  failedPrecondition('PAYMENT.NOT_CONFIGURED', 'No payment page is configured; set ERP_PAYMENT_PAGE_URL.');

/** Thrown when more is to be given back than is left of the order's total, or in another currency. */
export const refundTooMuch = (): AppError =>
  failedPrecondition('REFUND.TOO_MUCH', 'That is more than is left of what the order cost.');

/** Thrown when a technician does not exist. */
export const technicianNotFound = (): AppError => notFound('TECHNICIAN.NOT_FOUND', 'There is no such technician.');

/** Thrown when a work order does not exist. */
export const workOrderNotFound = (): AppError => notFound('WORK_ORDER.NOT_FOUND', 'There is no such work order.');

/** Thrown when a writing call comes without its idempotency key. */
export const keyMissing = (): AppError => invalidArgument('IDEMPOTENCY.KEY_MISSING', 'idempotency_key must be given.');

/** Thrown when an idempotency key comes again with another request. */
export const keyReused = (): AppError =>
  failedPrecondition('IDEMPOTENCY.KEY_REUSED', 'The idempotency key belongs to another request.');

/** Thrown when a request is malformed in itself. */
export const badRequest = (field: string, message: string): AppError =>
  invalidArgument('REQUEST.INVALID', `${field}: ${message}`, { field });

/** One thing that is wrong with one row of an import; rows count from 1. */
export interface RowProblem {
  row: number;
  field: string;
  message: string;
}

/** More than this many problems help nobody, and the answer has to fit into a header. */
export const MAX_PROBLEMS = 50;

/** Thrown when rows of an import cannot be taken; nothing was written. `details.problems` is a JSON array of `RowProblem`. */
export function importRefused(problems: readonly RowProblem[]): AppError {
  const shown = problems.slice(0, MAX_PROBLEMS);
  const first = shown[0];
  const message = first ? `row ${first.row} field ${first.field}: ${first.message}` : 'The rows cannot be taken.';
  return invalidArgument('IMPORT.REFUSED', message, { problems: JSON.stringify(shown) });
}
