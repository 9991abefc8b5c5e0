import { badRequest } from './errors.js';

export const CHANGE_KINDS = ['customer', 'ticket', 'task'] as const;

/** That something is new or different; what it is now has to be read. */
export interface Change {
  kind: (typeof CHANGE_KINDS)[number];
  id: string;
  at: Date;
}

/** Some changes, and where to go on. */
export interface ChangePage {
  changes: Change[];
  /** Opaque; the same as asked with when there is nothing new. */
  cursor: string;
}

const CURSOR = /^\d{1,20}\.\d{1,19}$/;

/** The two numbers of a cursor; the beginning for an empty one. @throws AppError `REQUEST.INVALID` */
export function placeOf(cursor: string): [string, string] {
  if (cursor === '') return ['0', '0'];
  if (!CURSOR.test(cursor)) throw badRequest('cursor', 'is none that was given out');
  const [transaction = '0', place = '0'] = cursor.split('.');
  return [transaction, place];
}
