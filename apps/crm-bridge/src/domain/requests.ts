import { badRequest } from './errors.js';

/** Most items of one batch call. */
export const MAX_BATCH = 1000;
const DEFAULT_ENTRIES = 500;
const MAX_ENTRIES = 5000;

/** @throws AppError `REQUEST.INVALID` */
export function checkBatch(field: string, items: readonly unknown[]): void {
  if (items.length > MAX_BATCH) throw badRequest(field, `at most ${MAX_BATCH}`);
}

/** How many lines to list when `limit` was asked for; 0 asks for the default. */
export function entryLimit(limit: number): number {
  return limit <= 0 ? DEFAULT_ENTRIES : Math.min(limit, MAX_ENTRIES);
}

/** @throws AppError `REQUEST.INVALID` when the word is none of those */
export function oneOf<W extends string>(field: string, value: string, allowed: readonly W[]): W {
  const found = allowed.find((word) => word === value);
  if (found === undefined) throw badRequest(field, `must be one of ${allowed.join(', ')}`);
  return found;
}

/** @throws AppError `REQUEST.INVALID` when it is not given */
export function given<T>(field: string, value: T | undefined): T {
  if (value === undefined || value === '') throw badRequest(field, 'must be given');
  return value;
}
