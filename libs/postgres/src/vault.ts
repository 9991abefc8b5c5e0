import { randomBytes, randomUUID } from 'node:crypto';
import { AppError, failedPrecondition, invalidArgument } from '@parley/errors';
import type { Database } from './database.js';
import { LruCache } from './lru-cache.js';
import type { MasterKey } from './master-key.js';
import { Memo } from './memo.js';
import { personContext, RingCipher, type PersonCipher } from './person-cipher.js';
import type { Tx } from './transaction.js';

/** What a person can be found by. */
export type IdentityKind = 'phone' | 'wa_id' | 'user_id' | 'email';

/** Two persons made one, and whether that was taken back. */
export interface PersonMerge {
  id: bigint;
  personId: string;
  intoId: string;
  mergedAt: Date;
  undoneAt: Date | null;
}

/**
 * How long unwrapped keys are kept in a process. Erasures and merges by others are told by NOTIFY and in force at once;
 * when that connection is down they are after at most this long.
 */
const CACHE_MS = 20_000;
const CHANNEL = 'parley_vault';
const CACHE_HASHES = 10_000;

/** Persons linked per statement: it holds the vault's lock. */
const LINK_GROUPS = 500;

interface FoundRow {
  hash: string;
  person_id: string;
  key_person_id: string;
  master_key_id: string;
  wrapped: Buffer;
}

/**
 * A key per person, wrapped by the master key, in the schema `vault`. Everything personal that a table holds is encrypted
 * with it; erasing the person destroys the key, and every copy of the data with it, in backups too.
 */
export class PersonVault {
  readonly #cache = new LruCache<string, RingCipher>(CACHE_HASHES, CACHE_MS);
  #begun: Promise<void> | undefined;
  readonly #hashes = new Map<IdentityKind, Memo<string>>();

  /** @param db any schema of a provisioned database: the vault is reached through its functions */
  constructor(
    private readonly db: Database,
    private readonly keys: MasterKey,
  ) {}

  /** Keyed hash by which a table may be searched for a value; hex. Phone numbers and wa_ids count by their digits, e-mail ignores case. */
  lookupHash(kind: IdentityKind, value: string): string {
    let known = this.#hashes.get(kind);
    const compute = (text: string): string => identityHash(this.keys, kind, text).toString('hex');
    if (!known) this.#hashes.set(kind, (known = new Memo(compute)));
    return known.get(value);
  }

  /**
   * A cipher per list of identity hashes, in the order of the lists. Identities named together belong to one person from
   * then on: unknown ones are linked, a person is made when none is known, and two persons become one (the older), unless
   * that was undone before; then the cipher is that of the first identity.
   * @throws AppError FAILED_PRECONDITION `VAULT.WRONG_MASTER_KEY` when the database belongs to another master key
   */
  async open(identities: readonly (readonly string[])[]): Promise<PersonCipher[]> {
    if (identities.some((hashes) => hashes.length === 0)) {
      throw invalidArgument('VAULT.NO_IDENTITY', 'A person is opened by at least one identity.');
    }
    const cached = identities.map((hashes) => this.#together(hashes, (hash) => this.#cache.get(hash)));
    const wanted = identities.filter((_, n) => !cached[n]);
    if (wanted.length === 0) return cached as RingCipher[];
    await this.#ready();
    const found = await this.#findOrLink(wanted);
    return identities.map((hashes, n) => cached[n] ?? firstOf(hashes, found));
  }

  /**
   * Destroys the key (all keys, of a merged person) and unlinks every identity. What was encrypted is unreadable from now
   * on, in other processes within 30 s. Who writes again later is a new person. False when the identity is not known.
   */
  async erase(identityHash: string): Promise<boolean> {
    const [row] = await this.db.query<{ done: boolean }>('select vault.erase_person($1) as done', [identityHash]);
    this.#cache.clear();
    return row?.done ?? false;
  }

  /** Ciphers of those hashes that lead to somebody. Unlike `open` it makes nobody: who was erased stays erased. */
  async openKnown(hashes: readonly string[]): Promise<Map<string, PersonCipher>> {
    const wanted = [...new Set(hashes)];
    await this.#ready();
    const unknown = wanted.filter((hash) => !this.#cache.get(hash));
    const found = unknown.length > 0 ? await this.#find([unknown]) : new Map<string, RingCipher>();
    return new Map(
      wanted.flatMap((hash) => {
        const cipher = found.get(hash) ?? this.#cache.get(hash);
        return cipher ? [[hash, cipher] as const] : [];
      }),
    );
  }

  /** Every identity of the persons that these hashes lead to, by hash; a hash that leads to nobody is left out. */
  async identitiesOf(hashes: readonly string[]): Promise<Map<string, string[]>> {
    const sql = 'select asked, hash from vault.identities_of($1::text[]) order by asked, hash';
    const rows = await this.db.query<{ asked: string; hash: string }>(sql, [hashes]);
    const groups = Map.groupBy(rows, ({ asked }) => asked);
    return new Map([...groups].map(([asked, identities]) => [asked, identities.map(({ hash }) => hash)]));
  }

  /**
   * As `erase`, for many at once. Returns how many keys were destroyed by the hash that led to them (several, of a merged
   * person); a hash that leads to nobody is left out.
   */
  async eraseAll(hashes: readonly string[]): Promise<Map<string, number>> {
    const sql = 'select asked, keys from vault.erase_persons($1::text[])';
    const rows = await this.db.query<{ asked: string; keys: bigint }>(sql, [hashes]);
    this.#cache.clear();
    return new Map(rows.map(({ asked, keys }) => [asked, Number(keys)]));
  }

  /** The merges that made the person with this identity, oldest first. */
  async merges(identityHash: string): Promise<PersonMerge[]> {
    const sql = `select id, person_id as "personId", into_id as "intoId", merged_at as "mergedAt", undone_at as "undoneAt"
      from vault.merges_of($1)`;
    return this.db.query<PersonMerge>(sql, [identityHash]);
  }

  /**
   * Makes two persons of one again, each with its identities and key from before; what was encrypted in between stays with
   * the older. They are not merged again by themselves. False when there is no such merge, or it is undone already.
   */
  async undoMerge(id: bigint): Promise<boolean> {
    const [row] = await this.db.query<{ done: boolean }>('select vault.undo_merge($1) as done', [id]);
    this.#cache.clear();
    return row?.done ?? false;
  }

  #ready(): Promise<void> {
    return (this.#begun ??= this.#begin().catch((thrown: unknown) => {
      this.#begun = undefined;
      throw thrown;
    }));
  }

  async #begin(): Promise<void> {
    await checkMasterKey(this.db, this.keys);
    await this.db.listen(CHANNEL, () => this.#cache.clear());
  }

  async #findOrLink(groups: readonly (readonly string[])[]): Promise<Map<string, RingCipher>> {
    const found = await this.#find(groups);
    const unlinked = groups.filter((hashes) => !this.#together(hashes, (hash) => found.get(hash)));
    if (unlinked.length === 0) return found;
    for (let at = 0; at < unlinked.length; at += LINK_GROUPS) {
      const payload = unlinked.slice(at, at + LINK_GROUPS).map((hashes) => this.#newPerson(hashes));
      await this.db.query('select vault.link_persons($1)', [JSON.stringify(payload)]);
    }
    // Read again, all of it: whose key counts was decided by whoever linked first, and a merge changes others' answers too.
    return this.#find(groups);
  }

  #newPerson(hashes: readonly string[]): Record<string, unknown> {
    const person = randomUUID();
    const { masterKeyId, wrapped } = this.keys.wrap(randomBytes(32), personContext(person));
    return { person, masterKeyId, wrapped: wrapped.toString('base64'), hashes };
  }

  async #find(groups: readonly (readonly string[])[]): Promise<Map<string, RingCipher>> {
    const hashes = [...new Set(groups.flat())];
    const rows = await this.db.query<FoundRow>('select * from vault.find_persons($1)', [hashes]);
    const persons = new Map<string, RingCipher>();
    const found = new Map<string, RingCipher>();
    for (const row of rows) {
      let cipher = persons.get(row.person_id);
      if (!cipher) persons.set(row.person_id, (cipher = new RingCipher(row.person_id)));
      if (!cipher.has(row.key_person_id)) cipher.add(row.key_person_id, this.#unwrap(row));
      found.set(row.hash, cipher);
    }
    for (const [hash, cipher] of found) this.#cache.set(hash, cipher);
    return found;
  }

  #unwrap({ key_person_id, master_key_id, wrapped }: FoundRow): Buffer {
    return this.keys.unwrap({ masterKeyId: master_key_id, wrapped }, personContext(key_person_id));
  }

  /** The cipher that all hashes agree on. */
  #together(hashes: readonly string[], get: (hash: string) => RingCipher | undefined): RingCipher | undefined {
    const [first, ...others] = hashes.map(get);
    return first && others.every((other) => other?.personId === first.personId) ? first : undefined;
  }
}

/**
 * Makes sure that the keys of a vault are wrapped by this master key; the first process that asks decides.
 * @throws AppError FAILED_PRECONDITION `VAULT.WRONG_MASTER_KEY`
 */
export async function checkMasterKey(db: Tx, keys: MasterKey): Promise<void> {
  const fingerprint = keys.hmac('fingerprint', '').toString('hex');
  const [row] = await db.query<{ right: boolean }>('select vault.check_master_key($1) as right', [fingerprint]);
  if (row?.right) return;
  const message = 'This database was encrypted under another master key; configure that one.';
  throw failedPrecondition('VAULT.WRONG_MASTER_KEY', message);
}

/** The keyed hash under which an identity is known everywhere at rest. */
export function identityHash(keys: MasterKey, kind: IdentityKind, value: string): Buffer {
  return keys.hmac(`lookup.${kind}`, normalised(kind, value));
}

function firstOf(hashes: readonly string[], found: Map<string, RingCipher>): RingCipher {
  const cipher = found.get(hashes[0] ?? '');
  if (cipher) return cipher;
  // Erased by somebody between the linking and the reading; the next try makes a new person.
  throw new AppError({ code: 'ABORTED', reason: 'VAULT.ERASED_MEANWHILE', message: 'The person was erased just now.' });
}

function normalised(kind: IdentityKind, value: string): string {
  const text = value.normalize('NFKC').trim();
  if (kind === 'phone' || kind === 'wa_id') return text.replaceAll(/\D/g, '');
  return kind === 'email' ? text.toLowerCase() : text;
}
