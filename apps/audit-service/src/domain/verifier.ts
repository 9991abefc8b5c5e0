import { genesis, hashOf, type Head } from './chain.js';
import type { Entry } from './evidence.js';

/**
 * What can be wrong. Of an entry: its bytes are not those that were hashed; it is missing; it does not follow the one before
 * it; it stands where the chain had ended. Of a signed head or day (at sequence 0 of a day): the signature is not of its
 * bytes, or of no key that is trusted; heads are missing or do not follow those of the day before; a day is over and not signed.
 */
export type ProblemKind =
  'hash-mismatch' | 'gap' | 'broken-link' | 'inserted' | 'bad-signature' | 'heads-changed' | 'not-signed';

/** Something wrong in the evidence. */
export interface Problem {
  readonly chain: string;
  readonly sequence: bigint;
  readonly kind: ProblemKind;
}

/** What was read and what is wrong with it. */
export interface Findings {
  chains: number;
  entries: bigint;
  problems: Problem[];
}

// Enough to see what happened; a chain cut in a thousand places needs no longer list.
const MOST_PROBLEMS = 1000;

/**
 * Reads chains entry by entry, in order, and notes what does not fit. Holds one entry at a time. The heads are those noted
 * before the first entry was read: what is appended meanwhile lies behind them and is checked like everything else.
 */
export class Verifier {
  readonly #findings: Findings = { chains: 0, entries: 0n, problems: [] };
  readonly #unread: Map<string, Head>;
  /** Where chains that were read ended. */
  readonly #ends = new Map<string, bigint>();
  #chain = '';
  #last: Head = { sequence: 0n, hash: Buffer.alloc(0) };

  constructor(heads: ReadonlyMap<string, Head>) {
    this.#unread = new Map(heads);
  }

  /** Something that was found elsewhere. */
  note(problem: Problem): void {
    const { problems } = this.#findings;
    if (problems.length < MOST_PROBLEMS) problems.push(problem);
  }

  /** Entries come chain by chain, ascending in sequence. */
  read(entry: Entry): void {
    if (entry.chain !== this.#chain) this.#begin(entry.chain);
    this.#findings.entries += 1n;
    const expected = this.#last.sequence + 1n;
    if (entry.sequence !== expected) this.#note('gap', expected);
    // After a gap there is nothing to compare with: the gap is the finding.
    else if (!entry.prevHash.equals(this.#last.hash)) this.#note('broken-link', entry.sequence);
    if (!hashOf(entry).equals(entry.hash)) this.#note('hash-mismatch', entry.sequence);
    const head = this.#unread.get(entry.chain);
    if (head?.sequence === entry.sequence && !head.hash.equals(entry.hash)) this.#note('broken-link', entry.sequence);
    this.#last = { sequence: entry.sequence, hash: entry.hash };
  }

  /**
   * Call once, after the last entry, with the heads as they are then, if there are any to compare with: an entry behind the
   * end of its chain was put there by somebody else than the service.
   */
  finish(after?: ReadonlyMap<string, Head>): Findings {
    this.#end();
    for (const [chain, sequence] of after ? this.#ends : []) {
      const end = after?.get(chain)?.sequence ?? 0n;
      if (sequence > end) this.note({ chain, sequence: end + 1n, kind: 'inserted' });
    }
    // Chains of which not one entry is left.
    for (const [chain, { sequence }] of this.#unread) {
      if (sequence === 0n) continue;
      this.#findings.chains += 1;
      this.note({ chain, sequence: 1n, kind: 'gap' });
    }
    return this.#findings;
  }

  #begin(chain: string): void {
    this.#end();
    this.#chain = chain;
    this.#last = genesis(chain);
    this.#findings.chains += 1;
  }

  /** A chain that ends before its head has lost its last entries. */
  #end(): void {
    if (this.#chain === '') return;
    const head = this.#unread.get(this.#chain);
    if (head && head.sequence > this.#last.sequence) this.#note('gap', this.#last.sequence + 1n);
    this.#unread.delete(this.#chain);
    this.#ends.set(this.#chain, this.#last.sequence);
  }

  #note(kind: ProblemKind, sequence: bigint): void {
    this.note({ chain: this.#chain, sequence, kind });
  }
}
