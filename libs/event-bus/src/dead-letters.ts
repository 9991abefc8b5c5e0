/** A record that no consumer of a group could handle, with all it takes to try it again. */
export interface DeadLetter {
  /** `<topic>/<partition>/<offset>/<group>`; for a copy kept by its producer `<topic>/<record id>`. */
  id: string;
  topic: string;
  /** Group that gave up on it; empty for a copy kept by its producer. */
  group: string;
  /** Where it was; absent for a copy kept by its producer. */
  partition?: number;
  offset?: bigint;
  key: string;
  recordId: string;
  /** When the record was produced, and when it was given up. */
  time: Date;
  at: Date;
  /** Stable reason: that of the AppError, or `BUS.UNDECODABLE`, `BUS.CRASHED`. */
  reason: string;
  /** How often it was tried. */
  attempts: number;
  traceparent?: string;
  replayedAt?: Date;
}

/** A dead letter with its value, deciphered where its key still exists. */
export interface DeadLetterContent extends DeadLetter {
  value?: Uint8Array;
}

/** Something a producer could not turn into a record, kept for a human. */
export interface Unsendable {
  /** Topic it would have gone to. */
  topic: string;
  key: string;
  id: string;
  value: Uint8Array;
  reason: string;
}

/** What lies in `<topic>.dlq`. Entries are kept for 30 days. */
export interface DeadLetters {
  /** The newest first, at most `limit` (1,000); of one topic or of all. */
  list(topic?: string, limit?: number): Promise<DeadLetter[]>;
  /** @throws AppError NOT_FOUND `BUS.NO_DEAD_LETTER` */
  show(id: string): Promise<DeadLetterContent>;
  /** Publishes entries again under their key and id (consumers dedupe) and marks them; returns how many. Those replayed before are left out, unless asked for by id. */
  replay(which: { id: string } | { topic: string }): Promise<number>;
  /** Keeps a copy of something that is no record; resolves when it is durable. */
  keep(entries: Unsendable[]): Promise<void>;
}
