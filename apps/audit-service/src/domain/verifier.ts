import { genesis, hashOf, type Head } from './chain.js';
import type { Entry } from './evidence.js';

/** Something wrong in the evidence. */
export interface Problem {
  readonly chain: string;
  readonly sequence: bigint;
  /** The entry's bytes are not those that were hashed; an entry is missing; an entry does not follow the one before it. */
  readonly kind: 'hash-mismatch' | 'gap' | 'broken-link';
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
  #chain = '';
  #last: Head = { sequence: 0n, hash: Buffer.alloc(0) };

  constructor(heads: ReadonlyMap<string, Head>) {
    this.#unread = new Map(heads);
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

  /** Call once, after the last entry. */
  finish(): Findings {
    this.#end();
    // Chains of which not one entry is left.
    for (const [chain, { sequence }] of this.#unread) {
      if (sequence === 0n) continue;
      this.#findings.chains += 1;
      this.#chain = chain;
      this.#note('gap', 1n);
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
  }

  #note(kind: Problem['kind'], sequence: bigint): void {
    const { problems } = this.#findings;
    if (problems.length < MOST_PROBLEMS) problems.push({ chain: this.#chain, sequence, kind });
  }
}
