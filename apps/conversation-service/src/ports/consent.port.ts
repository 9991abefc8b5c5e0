import type { Contact } from './conversation.js';

/** One entry for the consent ledger. */
export interface ConsentEntry {
  contact: Contact;
  purpose: string;
  granted: boolean;
  /** The message's own time; decides between entries. */
  at: Date;
  /** wamid of the message that says so. */
  evidence: string;
}

/** The consent ledger. */
export abstract class Consent {
  /**
   * Writes one entry; the wamid is the key, so that a word read elsewhere and a flow count once.
   * @throws AppError retryable when the ledger is away
   */
  abstract record(entry: ConsentEntry): Promise<{ entryId: string; created: boolean; changed: boolean }>;
}
