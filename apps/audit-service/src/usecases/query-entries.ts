import { identityFrom } from '../domain/customer.js';
import { badCustomer, badLimit, badPageToken, nothingAsked } from '../domain/errors.js';
import type { Entry, SealedPart } from '../domain/evidence.js';
import { normalOrder } from '../domain/order-number.js';
import type { Persons } from '../ports/persons.port.js';
import type { Position, Search, Trail } from '../ports/trail.port.js';

/** What somebody looks for; the fields given must all match. */
export interface Query {
  readonly customer: string;
  readonly order: string;
  readonly session: string;
  readonly requestId: string;
  readonly from?: Date;
  readonly until?: Date;
  readonly limit: number;
  readonly pageToken: string;
}

/** An entry with what its key still opens. */
export interface OpenedEntry {
  readonly entry: Entry;
  readonly requestIds: readonly string[];
  /** Text, or JSON; empty when the key is gone. */
  readonly content: string;
}

/** One answer, and how to read on. */
export interface Page {
  readonly entries: readonly OpenedEntry[];
  /** Empty at the end. */
  readonly nextPageToken: string;
}

const DEFAULT_LIMIT = 500;
const MOST = 5000;

/** Finds entries by customer, order, session or request id, and opens what may still be opened. */
export class QueryEntries {
  constructor(
    private readonly trail: Trail,
    private readonly persons: Persons,
  ) {}

  async run(query: Query): Promise<Page> {
    const limit = limitOf(query);
    const search = await this.#search(query, limit);
    if (search.tags.length + search.customers.length === 0) throw nothingAsked();
    const found = await this.trail.search({ ...search, limit: limit + 1 });
    const entries = found.slice(0, limit);
    const last = entries.at(-1);
    return { entries: await this.#open(entries), nextPageToken: found.length > limit && last ? tokenOf(last) : '' };
  }

  async #search(query: Query, limit: number): Promise<Search> {
    const { order, session, requestId, from, until } = query;
    const tags = [
      ...(order === '' ? [] : [this.persons.tag('order', normalOrder(order))]),
      ...(session === '' ? [] : [this.persons.tag('session', session)]),
      ...(requestId === '' ? [] : [this.persons.tag('request', requestId)]),
    ];
    const after = query.pageToken === '' ? undefined : positionOf(query.pageToken);
    return { tags, customers: await this.#customers(query.customer), from, until, limit, after };
  }

  async #customers(text: string): Promise<bigint[]> {
    if (text === '') return [];
    const identity = identityFrom(text);
    if (!identity) throw badCustomer();
    const pseudonyms = await this.trail.alsoKnownAs(this.persons.pseudonym(identity));
    return pseudonyms.map((pseudonym) => this.persons.tag('customer', pseudonym));
  }

  async #open(entries: readonly Entry[]): Promise<OpenedEntry[]> {
    const texts = await this.persons.open(entries.map(({ customer, sealed }) => ({ customer, data: sealed })));
    return entries.map((entry, index) => {
      const text = texts[index];
      if (text === undefined) return { entry, requestIds: [], content: '' };
      const { requestIds, content } = JSON.parse(text) as SealedPart;
      return { entry, requestIds, content: typeof content === 'string' ? content : JSON.stringify(content) };
    });
  }
}

function limitOf({ limit }: Query): number {
  if (limit < 0 || limit > MOST) throw badLimit(MOST);
  return limit === 0 ? DEFAULT_LIMIT : limit;
}

function tokenOf({ occurredAt, chain, sequence }: Position): string {
  return Buffer.from(JSON.stringify([occurredAt.getTime(), chain, String(sequence)])).toString('base64url');
}

function positionOf(token: string): Position {
  try {
    const [time, chain, sequence] = JSON.parse(Buffer.from(token, 'base64url').toString()) as unknown[];
    const occurredAt = new Date(Number(time));
    if (typeof chain !== 'string' || Number.isNaN(occurredAt.getTime())) throw badPageToken();
    return { occurredAt, chain, sequence: BigInt(String(sequence)) };
  } catch {
    throw badPageToken();
  }
}
