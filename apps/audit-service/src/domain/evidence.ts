/** A JSON value that can be stored. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** Who something is about, as far as the record says it. */
export interface Person {
  readonly userId: string;
  readonly waId: string;
}

/** One thing that happened, read from a record and not yet stored: masked, and still with the person in the clear. */
export interface Evidence {
  /** Unique for ever: topic, and id of the record or of the one of its facts. */
  readonly eventId: string;
  /** What the trail remembers it by, shared by the facts of one record; the event id where absent. */
  readonly mark?: string;
  readonly topic: string;
  /** Stable word for what happened: "message_recorded", "graph.messages", ... */
  readonly action: string;
  readonly occurredAt: Date;
  /** Absent where nobody in particular is concerned. */
  readonly person?: Person;
  /** Whom it is about when only pseudonyms are known; nothing is sealed under their keys. */
  readonly pseudonyms?: readonly string[];
  /** Order number as the ERP writes it; empty for none. */
  readonly order: string;
  /** Conversation id; empty for none. */
  readonly session: string;
  /** wamid, send id, idempotency keys, trace id. */
  readonly requestIds: readonly string[];
  /** Facts without personal data. */
  readonly metadata: JsonObject;
  /** What was said, asked and answered. */
  readonly content: Json;
}

/** What is put under the person's key: everything that could name them. A wamid has the phone number inside. */
export interface SealedPart {
  readonly requestIds: readonly string[];
  readonly content: Json;
}

/** An entry before it has its place in a chain. */
export interface Unchained {
  readonly eventId: string;
  /** Entries with the same one go in together, and once; not stored with them. The event id where absent. */
  readonly mark?: string;
  readonly topic: string;
  readonly action: string;
  readonly occurredAt: Date;
  readonly recordedAt: Date;
  /** Pseudonym; empty for none. */
  readonly customer: string;
  readonly order: string;
  readonly session: string;
  /** Keyed hashes to search by: customer, order, session, each request id. */
  readonly tags: readonly bigint[];
  readonly metadata: JsonObject;
  /** Ciphertext of a `SealedPart`. */
  readonly sealed: Buffer;
}

/** An entry as it is stored, for good. */
export interface Entry extends Unchained {
  /** `<UTC day>/<topic>/<partition>`. */
  readonly chain: string;
  /** From 1, without gaps. */
  readonly sequence: bigint;
  /** Hash of the entry before, of the chain's name for the first. */
  readonly prevHash: Buffer;
  readonly hash: Buffer;
}
