import { AppError, failedPrecondition, invalidArgument, notFound } from '@parley/errors';

/** Thrown when a customer does not exist, or has been erased. */
export const customerNotFound = (): AppError => notFound('CUSTOMER.NOT_FOUND', 'There is no such customer.');

/** Thrown when a ticket does not exist. */
export const ticketNotFound = (): AppError => notFound('TICKET.NOT_FOUND', 'There is no such ticket.');

/** Thrown when something is to be written about somebody who was erased. */
export const ticketErased = (): AppError =>
  failedPrecondition('TICKET.ERASED', 'The customer of this ticket was erased; nothing is added to it.');

/** Thrown when a writing call comes without its idempotency key. */
export const keyMissing = (): AppError => invalidArgument('IDEMPOTENCY.KEY_MISSING', 'idempotency_key must be given.');

/** Thrown when an idempotency key comes again with another request. */
export const keyReused = (): AppError =>
  failedPrecondition('IDEMPOTENCY.KEY_REUSED', 'The idempotency key belongs to another request.');

/** Thrown when a request is malformed in itself. */
export const badRequest = (field: string, message: string): AppError =>
  invalidArgument('REQUEST.INVALID', `${field}: ${message}`, { field });

/** Thrown when an event lacks what it is about; trying again will not bring it. */
export const badEvent = (field: string): AppError =>
  invalidArgument('EVENT.INVALID', 'The event lacks what it is about.', { field });

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
