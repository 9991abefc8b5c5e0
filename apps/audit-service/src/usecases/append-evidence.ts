import type { Tx } from '@parley/postgres';
import { passing } from '@parley/resilience';
import { identitiesOf } from '../domain/customer.js';
import type { Evidence, SealedPart, Unchained } from '../domain/evidence.js';
import { normalOrder } from '../domain/order-number.js';
import type { Clock } from '../ports/clock.port.js';
import type { Persons } from '../ports/persons.port.js';
import type { Link, Trail } from '../ports/trail.port.js';
import { Together } from './together.js';

const NEVER = new Date(0);

/** Links that are known to be stored; writing one again changes nothing. */
const REMEMBERED = 50_000;

/** Pieces of evidence in one transaction; some hundred milliseconds of work, in which others of this process wait. */
const MOST = 2000;

/** Evidence that came by one partition, in its order. */
export interface EvidencePart {
  readonly topic: string;
  readonly partition: number;
  readonly evidence: readonly Evidence[];
}

/** Commits, within the transaction, the places evidence was taken from. */
type Commit = (tx: Tx) => Promise<void>;

/** Which partition evidence came by, and how its place there commits. */
export interface Source {
  readonly topic: string;
  readonly partition: number;
  readonly commit: Commit;
}

interface Batch {
  readonly parts: readonly EvidencePart[];
  readonly commit: Commit;
}

/** Evidence, and the pseudonyms of its person. */
interface Named {
  readonly evidence: Evidence;
  readonly pseudonyms: readonly string[];
}

/**
 * Seals batches of evidence and puts them at the ends of their chains; evidence that is there already changes nothing. Batches of
 * several partitions that come at the same time are one transaction.
 */
export class AppendEvidence {
  readonly #known = new Set<string>();
  readonly #together = new Together<Batch, number>(
    (batches) => this.#append(batches),
    ({ parts }) => parts.reduce((sum, { evidence }) => sum + evidence.length, 0),
    MOST,
  );

  constructor(
    private readonly trail: Trail,
    private readonly persons: Persons,
    private readonly clock: Clock,
  ) {}

  /** Takes the evidence of one partition. Resolves when it is committed, with the number of pieces that are new. */
  run(evidence: readonly Evidence[], { topic, partition, commit }: Source): Promise<number> {
    return this.runParts([{ topic, partition, evidence }], commit);
  }

  /** Takes the evidence of several partitions whose places commit together. */
  runParts(parts: readonly EvidencePart[], commit: Commit): Promise<number> {
    return this.#together.run({ parts, commit });
  }

  async #append(batches: readonly Batch[]): Promise<readonly number[]> {
    await passing('audit-service.batch.read');
    const all = batches.flatMap(({ parts }) => parts);
    const named = await this.#withoutErased(
      all.flatMap(({ evidence }) => evidence.map((one) => ({ evidence: one, pseudonyms: this.#pseudonyms(one) }))),
    );
    const sealed = await this.persons.seal(
      named.map(({ evidence }) => ({ person: evidence.person, text: sealedText(evidence) })),
    );
    const recordedAt = this.clock.now();
    const entries = named.map((one, n) => this.#unchained(one, recordedAt, sealed[n] ?? Buffer.alloc(0)));
    const links = this.#newLinks(named);
    let at = 0;
    const parts = all.map(({ topic, partition, evidence }) => {
      return { topic, partition, entries: entries.slice(at, (at += evidence.length)) };
    });
    await passing('audit-service.batch.sealed');
    const commit = async (tx: Tx): Promise<void> => {
      for (const batch of batches) await batch.commit(tx);
    };
    const added = await this.trail.append({ parts, links, commit });
    await passing('audit-service.batch.committed');
    this.#remember(links);
    let part = 0;
    return batches.map((batch) => batch.parts.reduce((sum) => sum + (added[part++] ?? 0), 0));
  }

  /**
   * What happened before its person was erased and was still on its way: it keeps its place under the pseudonym, and no
   * key is made to hold what it said.
   */
  async #withoutErased(named: readonly Named[]): Promise<readonly Named[]> {
    const erased = await this.trail.erasedAt([...new Set(named.flatMap(({ pseudonyms }) => pseudonyms))]);
    if (erased.size === 0) return named;
    return named.map((one) => {
      const { evidence, pseudonyms } = one;
      const late = pseudonyms.some((pseudonym) => evidence.occurredAt <= (erased.get(pseudonym) ?? NEVER));
      if (!late || !evidence.person) return one;
      return { pseudonyms, evidence: { ...evidence, person: undefined, pseudonyms, requestIds: [], content: '' } };
    });
  }

  #unchained({ evidence, pseudonyms }: Named, recordedAt: Date, sealed: Buffer): Unchained {
    const { eventId, mark, topic, action, occurredAt, order, session, metadata } = evidence;
    const customer = pseudonyms[0] ?? '';
    const tags = this.#tags(evidence, customer);
    return {
      eventId,
      mark,
      topic,
      action,
      occurredAt,
      recordedAt,
      customer,
      order,
      session,
      tags,
      metadata,
      sealed,
    };
  }

  #tags({ order, session, requestIds }: Evidence, customer: string): bigint[] {
    const tags = new Set<bigint>();
    if (customer !== '') tags.add(this.persons.tag('customer', customer));
    if (order !== '') tags.add(this.persons.tag('order', normalOrder(order)));
    if (session !== '') tags.add(this.persons.tag('session', session));
    for (const id of requestIds) tags.add(this.persons.tag('request', id));
    return [...tags];
  }

  #pseudonyms({ person, pseudonyms = [] }: Evidence): readonly string[] {
    return person ? identitiesOf(person).map((identity) => this.persons.pseudonym(identity)) : pseudonyms;
  }

  #newLinks(named: readonly Named[]): Link[] {
    const links = new Map<string, Link>();
    for (const { pseudonyms } of named) {
      const [first, second] = pseudonyms;
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
