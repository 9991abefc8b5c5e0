import type { Tx } from '@parley/postgres';
import { passing } from '@parley/resilience';
import { identitiesOf } from '../domain/customer.js';
import type { Evidence, SealedPart, Unchained } from '../domain/evidence.js';
import { normalOrder } from '../domain/order-number.js';
import type { Clock } from '../ports/clock.port.js';
import type { Persons } from '../ports/persons.port.js';
import type { Link, Trail } from '../ports/trail.port.js';

const NEVER = new Date(0);

/** Links that are known to be stored; writing one again changes nothing. */
const REMEMBERED = 50_000;

/** Which partition evidence came by, and how its place there commits. */
export interface Source {
  readonly topic: string;
  readonly partition: number;
  commit(tx: Tx): Promise<void>;
}

/** Seals a batch of evidence and puts it at the end of its chain; evidence that is there already changes nothing. */
export class AppendEvidence {
  readonly #known = new Set<string>();

  constructor(
    private readonly trail: Trail,
    private readonly persons: Persons,
    private readonly clock: Clock,
  ) {}

  async run(batch: readonly Evidence[], source: Source): Promise<number> {
    await passing('audit-service.batch.read');
    // A redelivery within one batch; between batches the trail itself decides.
    const evidence = await this.#withoutErased([...new Map(batch.map((each) => [each.eventId, each])).values()]);
    const sealed = await this.persons.seal(evidence.map((each) => ({ person: each.person, text: sealedText(each) })));
    const recordedAt = this.clock.now();
    const entries = evidence.map((each, index) => this.#unchained(each, recordedAt, sealed[index] ?? Buffer.alloc(0)));
    const links = this.#newLinks(evidence);
    const { topic, partition } = source;
    await passing('audit-service.batch.sealed');
    const added = await this.trail.append({ topic, partition, entries, links, commit: (tx) => source.commit(tx) });
    await passing('audit-service.batch.committed');
    this.#remember(links);
    return added;
  }

  /**
   * What happened before its person was erased and was still on its way: it keeps its place under the pseudonym, and no
   * key is made to hold what it said.
   */
  async #withoutErased(evidence: readonly Evidence[]): Promise<Evidence[]> {
    const pseudonyms = evidence.map((each) => this.#pseudonyms(each));
    const erased = await this.trail.erasedAt([...new Set(pseudonyms.flat())]);
    if (erased.size === 0) return [...evidence];
    return evidence.map((each, n) => {
      const late = pseudonyms[n]?.some((pseudonym) => each.occurredAt <= (erased.get(pseudonym) ?? NEVER));
      if (!late || !each.person) return each;
      return { ...each, person: undefined, pseudonyms: pseudonyms[n], requestIds: [], content: '' };
    });
  }

  #unchained(evidence: Evidence, recordedAt: Date, sealed: Buffer): Unchained {
    const { eventId, topic, action, occurredAt, order, session, metadata } = evidence;
    const customer = this.#pseudonyms(evidence)[0] ?? '';
    const named = { eventId, topic, action, occurredAt, recordedAt, customer, order, session };
    return { ...named, tags: this.#tags(evidence, customer), metadata, sealed };
  }

  #tags({ order, session, requestIds }: Evidence, customer: string): bigint[] {
    const tags = [
      customer === '' ? undefined : this.persons.tag('customer', customer),
      order === '' ? undefined : this.persons.tag('order', normalOrder(order)),
      session === '' ? undefined : this.persons.tag('session', session),
      ...requestIds.map((id) => this.persons.tag('request', id)),
    ];
    return [...new Set(tags.filter((tag) => tag !== undefined))];
  }

  #pseudonyms({ person, pseudonyms = [] }: Evidence): readonly string[] {
    return person ? identitiesOf(person).map((identity) => this.persons.pseudonym(identity)) : pseudonyms;
  }

  #newLinks(evidence: readonly Evidence[]): Link[] {
    const links = new Map<string, Link>();
    for (const each of evidence) {
      const [first, second] = this.#pseudonyms(each);
      if (first === undefined || second === undefined || this.#known.has(`${first},${second}`)) continue;
      links.set(`${first},${second}`, [first, second]);
    }
    return [...links.values()];
  }

  #remember(links: readonly Link[]): void {
    if (this.#known.size + links.length > REMEMBERED) this.#known.clear();
    for (const link of links) this.#known.add(link.join());
  }
}

function sealedText({ requestIds, content }: Evidence): string {
  const part: SealedPart = { requestIds, content };
  return JSON.stringify(part);
}
