import type { Head } from '../../domain/chain.js';
import type { RetiredDay, SignedDay, SignedHead } from '../../domain/signed.js';
import { Heads, type Signatures } from '../../ports/heads.port.js';
import type { InMemoryTrail } from './in-memory-trail.js';

/** Signed heads as lists, over a trail of the same kind. */
export class InMemoryHeads extends Heads {
  readonly #heads: SignedHead[] = [];
  readonly #days: SignedDay[] = [];
  readonly #retired: RetiredDay[] = [];

  constructor(private readonly trail: InMemoryTrail) {
    super();
  }

  override async signatures(): Promise<Signatures> {
    return { heads: [...this.#heads], days: [...this.#days], retired: [...this.#retired] };
  }

  override async latest(): Promise<{ heads: readonly SignedHead[]; day?: SignedDay }> {
    const lines = new Map(this.#heads.map((head) => [head.chain.slice(11), head]));
    const day = this.#days.at(-1);
    return { heads: [...lines.values()], ...(day ? { day } : {}) };
  }

  override async ofChains(chains: readonly string[]): Promise<SignedHead[]> {
    return this.#heads.filter(({ chain }) => chains.includes(chain));
  }

  override async unsignedDays(before: string): Promise<string[]> {
    const signed = new Set(this.#days.map(({ day }) => day));
    const days = new Set([...(await this.trail.heads()).keys()].map((chain) => chain.slice(0, 10)));
    return [...days].filter((day) => day < before && !signed.has(day)).sort();
  }

  override async close(day: string): Promise<Map<string, Head>> {
    return new Map([...(await this.trail.heads())].filter(([chain]) => chain.startsWith(day)));
  }

  override async hashes(chain: string, upTo: bigint): Promise<Buffer[]> {
    const hashes: Buffer[] = [];
    for await (const entries of this.trail.read(chain)) hashes.push(...entries.map(({ hash }) => hash));
    return hashes.slice(0, Number(upTo));
  }

  override async store(day: SignedDay, heads: readonly SignedHead[]): Promise<boolean> {
    if (this.#days.some((known) => known.day === day.day)) return false;
    this.#days.push(day);
    this.#heads.push(...heads);
    return true;
  }

  override async unretiredDays(before: string): Promise<SignedDay[]> {
    const retired = new Set(this.#retired.map(({ day }) => day));
    return this.#days.filter(({ day }) => day < before && !retired.has(day));
  }

  override async retire(day: RetiredDay): Promise<boolean> {
    if (this.#retired.some((known) => known.day === day.day)) return false;
    this.#retired.push(day);
    this.trail.drop(day.day);
    return true;
  }
}
