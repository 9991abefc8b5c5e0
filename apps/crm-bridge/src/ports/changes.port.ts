import type { ChangePage } from '../domain/change.js';

/** What changed in the CRM, for whoever keeps a copy. */
export abstract class Changes {
  /**
   * Changes after a cursor, up to `limit`, in an order in which none appears before a cursor that was given out; an empty cursor
   * begins with the oldest that is kept (30 days). The same thing may come several times, the customer of an erasure not at all.
   * @throws AppError `REQUEST.INVALID` for a cursor that was never given out
   */
  abstract poll(cursor: string, limit: number): Promise<ChangePage>;
}
