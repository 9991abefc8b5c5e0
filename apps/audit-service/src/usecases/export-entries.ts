import { AppError } from '@parley/errors';
import { identityFrom } from '../domain/customer.js';
import { badExport } from '../domain/errors.js';
import { MerkleTree } from '../domain/merkle.js';
import { normalOrder } from '../domain/order-number.js';
import type { SignedHead } from '../domain/signed.js';
import type { Heads } from '../ports/heads.port.js';
import type { Persons } from '../ports/persons.port.js';
import type { Trail } from '../ports/trail.port.js';
import type { OpenedEntry, Query, QueryEntries } from './query-entries.js';
import type { RecordOwn } from './record-own.js';
import type { SignDays } from './sign-days.js';

/** What to export, and on whose behalf. */
export interface ExportQuery extends Query {
  readonly requestedBy: string;
  readonly exportId: string;
}

/** An entry and its way up to the root of a signed head. */
export interface ProvenEntry extends OpenedEntry {
  readonly headSequence: bigint;
  readonly path: readonly Buffer[];
}

export interface ExportPage {
  readonly entries: readonly ProvenEntry[];
  readonly heads: readonly SignedHead[];
  readonly nextPageToken: string;
}

const EXPORT_ID = /^[\w-]{8,64}$/;
const LONGEST_NAME = 100;

/** Finds entries and gives with each what shows, without this service, that it is as it was recorded. */
export class ExportEntries {
  constructor(
    private readonly query: QueryEntries,
    private readonly trail: Trail,
    private readonly heads: Heads,
    private readonly sign: SignDays,
    private readonly persons: Persons,
    private readonly own: RecordOwn,
  ) {}

  async run(wanted: ExportQuery): Promise<ExportPage> {
    if (!EXPORT_ID.test(wanted.exportId)) throw badExport();
    const { entries, nextPageToken } = await this.query.run(wanted);
    // On record before anything leaves; further pages of the same export are the same deed.
    await this.#record(wanted);
    const heads = new Map((await this.#headsOf(entries)).map((head) => [head.chain, head]));
    const trees = new Map<string, MerkleTree>();
    for (const [chain, { sequence }] of heads) {
      trees.set(chain, new MerkleTree(await this.heads.hashes(chain, sequence)));
    }
    const proven = entries.map((opened) => {
      const { chain, sequence } = opened.entry;
      const [head, tree] = [heads.get(chain), trees.get(chain)];
      if (!head || !tree)
        throw new AppError({ code: 'INTERNAL', reason: 'AUDIT.NO_HEAD', message: 'A chain has no head.' });
      return { ...opened, headSequence: head.sequence, path: tree.path(Number(sequence) - 1) };
    });
    return { entries: proven, heads: [...heads.values()], nextPageToken };
  }

  /** After the entries were read, so that each of them lies before its head. */
  async #headsOf(entries: readonly OpenedEntry[]): Promise<SignedHead[]> {
    const chains = [...new Set(entries.map(({ entry }) => entry.chain))];
    const stored = await this.heads.ofChains(chains);
    const signed = new Set(stored.map(({ chain }) => chain));
    const current = new Map<string, { sequence: bigint; hash: Buffer }>();
    for (const chain of chains.filter((each) => !signed.has(each))) {
      for (const [name, head] of await this.trail.heads(chain)) current.set(name, head);
    }
    return [...stored, ...(current.size > 0 ? await this.sign.now(current) : [])];
  }

  #record({ customer, order, session, from, until, requestedBy, exportId }: ExportQuery): Promise<void> {
    const identity = customer === '' ? undefined : identityFrom(customer);
    return this.own.run({
      id: `export/${exportId}`,
      action: 'evidence_exported',
      metadata: {
        exportId,
        requestedBy: requestedBy.slice(0, LONGEST_NAME),
        by: [customer && 'customer', order && 'order', session && 'session'].filter(Boolean),
        from: from?.toISOString() ?? null,
        until: until?.toISOString() ?? null,
      },
      order: order === '' ? '' : normalOrder(order),
      session,
      pseudonyms: identity ? [this.persons.pseudonym(identity)] : [],
    });
  }
}
