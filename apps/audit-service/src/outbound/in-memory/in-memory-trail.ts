import type { Tx } from '@parley/postgres';
import { chainName, chainOn, genesis, type Head } from '../../domain/chain.js';
import type { Entry } from '../../domain/evidence.js';
import { Trail, type Append, type Link, type Position, type Search } from '../../ports/trail.port.js';

const NO_TRANSACTION: Tx = {
  query: () => Promise.resolve([]),
  later: () => Promise.resolve(),
  afterCommit: (tell) => tell(),
};

function byPlace(a: Position, b: Position): number {
  const apart = a.occurredAt.getTime() - b.occurredAt.getTime();
  if (apart !== 0) return apart;
  if (a.chain !== b.chain) return a.chain < b.chain ? -1 : 1;
  return Number(a.sequence - b.sequence);
}

/** The trail as lists. */
export class InMemoryTrail extends Trail {
  readonly #chains = new Map<string, Entry[]>();
  readonly #events = new Set<string>();
  readonly #links: Link[] = [];
  readonly #erased = new Map<string, Date>();
  readonly #dropped = new Map<string, Head>();

  override async append({ parts, links = [], commit }: Append): Promise<number[]> {
    await commit?.(NO_TRANSACTION);
    this.#links.push(...links);
    return parts.map(({ topic, partition, entries }) => {
      const fresh = entries.filter(({ eventId }) => !this.#events.has(eventId) && this.#events.add(eventId));
      const [first] = fresh;
      if (!first) return 0;
      const chain = chainName(first.recordedAt, topic, partition);
      const there = this.#chains.get(chain) ?? [];
      this.#chains.set(chain, [...there, ...chainOn(chain, headOf(chain, there), fresh)]);
      return fresh.length;
    });
  }

  override async search({ tags, customers, from, until, limit, after }: Search): Promise<Entry[]> {
    const all = [...this.#chains.values()].flat().sort(byPlace);
    const matching = all.filter(
      (entry) =>
        tags.every((tag) => entry.tags.includes(tag)) &&
        (customers.length === 0 || customers.some((tag) => entry.tags.includes(tag))) &&
        (!from || entry.occurredAt >= from) &&
        (!until || entry.occurredAt < until) &&
        (!after || byPlace(entry, after) > 0),
    );
    return matching.slice(0, limit);
  }

  override async alsoKnownAs(customer: string): Promise<string[]> {
    const reached = new Set([customer]);
    for (let size = 0; size !== reached.size;) {
      size = reached.size;
      for (const [a, b] of this.#links) {
        if (reached.has(a)) reached.add(b);
        else if (reached.has(b)) reached.add(a);
      }
    }
    return [...reached];
  }

  /** Notes when somebody was erased. */
  noteErased(pseudonym: string, at: Date): void {
    this.#erased.set(pseudonym, at);
  }

  override async erasedAt(pseudonyms: readonly string[]): Promise<Map<string, Date>> {
    return new Map([...this.#erased].filter(([pseudonym]) => pseudonyms.includes(pseudonym)));
  }

  override async heads(chain?: string): Promise<Map<string, Head>> {
    const chosen = [...this.#chains].filter(([name]) => chain === undefined || name === chain);
    const dropped = [...this.#dropped].filter(([name]) => chain === undefined || name === chain);
    return new Map([...dropped, ...chosen.map(([name, entries]) => [name, headOf(name, entries)] as const)]);
  }

  /** Forgets the entries of a day; where its chains ended stays known, as on Postgres. */
  drop(day: string): void {
    for (const [chain, entries] of this.#chains) {
      if (!chain.startsWith(day)) continue;
      this.#dropped.set(chain, headOf(chain, entries));
      this.#chains.delete(chain);
    }
  }

  override async *read(chain?: string): AsyncIterable<Entry[]> {
    for (const [name, entries] of [...this.#chains].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (chain === undefined || name === chain) yield entries;
    }
  }
}

function headOf(chain: string, entries: readonly Entry[]): Head {
  const last = entries.at(-1);
  return last ? { sequence: last.sequence, hash: last.hash } : genesis(chain);
}
