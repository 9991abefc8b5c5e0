import { badRequest } from './errors.js';
import type { Quantity } from './stock.js';

/** Most queries of one batch call: one SQL statement, and an answer of some megabytes at most. */
export const MAX_BATCH = 1000;
const DEFAULT_LIST = 10;
const MAX_LIST = 100;
// A hold of more than a week is an order somebody forgot to place.
const MAX_HOLD_SECONDS = 7 * 86_400;

/** @throws AppError `REQUEST.INVALID` */
export function checkBatch(field: string, items: readonly unknown[]): void {
  if (items.length > MAX_BATCH) throw badRequest(field, `at most ${MAX_BATCH}`);
}

/** How many to list when `limit` was asked for; 0 asks for the default. */
export function listLimit(limit: number): number {
  return limit <= 0 ? DEFAULT_LIST : Math.min(limit, MAX_LIST);
}

/** @throws AppError `REQUEST.INVALID` */
export function checkQuantities(lines: readonly Quantity[]): void {
  checkBatch('lines', lines);
  if (lines.some(({ quantity }) => quantity < 1)) throw badRequest('lines', 'every quantity must be at least 1');
}

/** @throws AppError `REQUEST.INVALID` */
export function checkHold(lines: readonly Quantity[], ttlSeconds: number): void {
  if (lines.length === 0) throw badRequest('lines', 'must not be empty');
  checkQuantities(lines);
  if (ttlSeconds >= 1 && ttlSeconds <= MAX_HOLD_SECONDS) return;
  throw badRequest('ttl_seconds', `must be from 1 to ${MAX_HOLD_SECONDS}`);
}
