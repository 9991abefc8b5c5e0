import type { Head } from '../domain/chain.js';
import type { RetiredDay, SignedDay, SignedHead } from '../domain/signed.js';

/** Everything signed so far, oldest first. */
export interface Signatures {
  readonly heads: readonly SignedHead[];
  readonly days: readonly SignedDay[];
  readonly retired: readonly RetiredDay[];
}

/** Signed heads, append-only; they outlive the entries they vouch for. */
export abstract class Heads {
  abstract signatures(): Promise<Signatures>;

  /** The latest signed head of each topic and partition, and the latest signed day. */
  abstract latest(): Promise<{ heads: readonly SignedHead[]; day?: SignedDay }>;

  /** The stored heads of these chains; a chain that is not signed has none. */
  abstract ofChains(chains: readonly string[]): Promise<SignedHead[]>;

  /** Days before this one that have entries and are not signed, oldest first. */
  abstract unsignedDays(before: string): Promise<string[]>;

  /** From when this returns, nothing can be added to the day's chains. */
  abstract close(day: string): Promise<Map<string, Head>>;

  /** The hashes of a chain's entries, in order, up to a sequence. */
  abstract hashes(chain: string, upTo: bigint): Promise<Buffer[]>;

  /** Stores a day and its heads together; false when somebody else has signed the day meanwhile. */
  abstract store(day: SignedDay, heads: readonly SignedHead[]): Promise<boolean>;

  /** Signed days before this one whose entries are still there, oldest first. */
  abstract unretiredDays(before: string): Promise<SignedDay[]>;

  /** Removes a signed day's entries for good and notes it; false when it is done already. @throws for a day younger than 90 days */
  abstract retire(day: RetiredDay): Promise<boolean>;
}
