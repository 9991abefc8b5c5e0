import type { ErasedContact, ErasedTable } from '../domain/erasure.js';

/** The end of what a CRM knows about somebody. */
export abstract class Erasure {
  /**
   * Per contact, in order, what was removed: customers and lines go, tickets and tasks stay as work that was done, without
   * anything about the person. Events from before the erasure leave no trace from then on; what comes later is somebody
   * new. An opt-out stays in force. Repeating it removes nothing more.
   */
  abstract erase(contacts: readonly ErasedContact[]): Promise<ErasedTable[][]>;
}
