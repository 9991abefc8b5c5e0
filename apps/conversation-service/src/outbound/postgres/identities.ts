import { randomUUID } from 'node:crypto';
import type { Database, PersonCipher, PersonVault, Tx } from '@parley/postgres';
import type { Contact } from '../../ports/conversation.js';
import { conversationColumns, sealedContact, type ConversationRow } from './conversation-row.js';

type Kind = 'wa_id' | 'user_id';

/** A contact by its keyed hashes. */
export interface HashedContact {
  contact: Contact;
  hashes: { kind: Kind; hash: string }[];
  /** Where it was learned: "message" or Meta's announcement. */
  source: string;
  evidence: string;
}

type FoundRow = ConversationRow & { hash: string };

/** Conversations by business number and hash. */
export type Found = Map<string, ConversationRow>;

const keyOf = (phoneNumberId: string, hash: string): string => `${phoneNumberId} ${hash}`;

const FIND = `select w.hash, ${conversationColumns}
  from unnest($1::text[], $2::text[]) as w(number, hash)
  join identity i on i.phone_number_id = w.number and i.hash = w.hash and i.ended_at is null
  join conversation c on c.id = i.conversation_id`;

// Everybody who is about to link one of these hashes waits here, in one order, so that a new customer's first two messages,
// in two replicas and under two keys, make one conversation.
const LOCK = `select pg_advisory_xact_lock(hashtextextended(k, 7)) from (select distinct unnest($1::text[]) as k order by 1) as keys`;

/** Which keyed hashes lead to which conversation. */
export class Identities {
  constructor(
    private readonly db: Database,
    private readonly vault: PersonVault,
  ) {}

  hashed(contact: Contact, source = 'message', evidence = ''): HashedContact {
    const hashes: HashedContact['hashes'] = [];
    if (contact.waId) hashes.push({ kind: 'wa_id', hash: this.vault.lookupHash('wa_id', contact.waId) });
    if (contact.userId) hashes.push({ kind: 'user_id', hash: this.vault.lookupHash('user_id', contact.userId) });
    return { contact, hashes, source, evidence };
  }

  /** Rows of all contacts, one statement when they are known; those that are new or know something new are linked first. */
  async resolve(contacts: readonly HashedContact[]): Promise<ConversationRow[]> {
    let found = await this.find(this.db, contacts);
    const unsettled = contacts.filter((contact) => !settled(found, contact));
    if (unsettled.length > 0) {
      await this.link(unsettled);
      found = await this.find(this.db, contacts);
    }
    return contacts.map((contact) => rowsOf(found, contact)[0]!);
  }

  async find(tx: Tx, contacts: readonly HashedContact[]): Promise<Found> {
    const pairs = contacts.flatMap(({ contact, hashes }) => hashes.map(({ hash }) => [contact.phoneNumberId, hash]));
    const rows = await tx.query<FoundRow>(FIND, [pairs.map(([number]) => number), pairs.map(([, hash]) => hash)]);
    return new Map(rows.map((row) => [keyOf(row.phone_number_id, row.hash), row]));
  }

  /** Makes what is missing: conversations, hashes, merges. */
  private async link(contacts: readonly HashedContact[]): Promise<void> {
    // The phone's hash joins what other services know of the same person; the vault is asked before the locks are held.
    const ciphers = await this.vault.open(
      contacts.map(({ contact, hashes }) => [
        ...hashes.map(({ hash }) => hash),
        ...(contact.waId ? [this.vault.lookupHash('phone', contact.waId)] : []),
      ]),
    );
    const keys = contacts.flatMap(({ contact, hashes }) =>
      hashes.map(({ hash }) => keyOf(contact.phoneNumberId, hash)),
    );
    await this.db.transaction(async (tx) => {
      await tx.query(LOCK, [keys]);
      const fresh = strangers(await this.find(tx, contacts), contacts);
      await createAll(
        tx,
        [...fresh].map((at) => ({ contact: contacts[at]!, cipher: ciphers[at]! })),
      );
      for (const [at, contact] of contacts.entries()) {
        if (fresh.has(at)) continue;
        // Read again each time: a batch may hold the same person twice. Only newcomers are many.
        const found = await this.find(tx, [contact]);
        if (!settled(found, contact)) await this.linkOne(tx, contact, found, ciphers[at]!);
      }
    });
  }

  private async linkOne(tx: Tx, contact: HashedContact, found: Found, cipher: PersonCipher): Promise<void> {
    const rows = rowsOf(found, contact);
    // A person's answer in progress counts for more than the older row.
    const kept = rows.find(({ state }) => state !== 'bot') ?? rows[0];
    for (const gone of rows) if (kept && gone !== kept) await merge(tx, kept.id, gone.id, contact);
    if (!kept) return createAll(tx, [{ contact, cipher }]);
    const missing = contact.hashes.filter(({ hash }) => !found.has(keyOf(contact.contact.phoneNumberId, hash)));
    await addIdentities(tx, [{ id: kept.id, contact: { ...contact, hashes: missing } }]);
  }
}

function rowsOf(found: Found, { contact, hashes }: HashedContact): ConversationRow[] {
  const rows = hashes.flatMap(({ hash }) => found.get(keyOf(contact.phoneNumberId, hash)) ?? []);
  return rows.filter((row, at) => rows.findIndex(({ id }) => id === row.id) === at);
}

function settled(found: Found, contact: HashedContact): boolean {
  const known = contact.hashes.every(({ hash }) => found.has(keyOf(contact.contact.phoneNumberId, hash)));
  return known && rowsOf(found, contact).length === 1;
}

/** Positions of those of whom nothing is known, neither from before nor from an earlier one of the list. */
function strangers(found: Found, contacts: readonly HashedContact[]): Set<number> {
  const known = new Set(found.keys());
  const fresh = new Set<number>();
  for (const [at, { contact, hashes }] of contacts.entries()) {
    const keys = hashes.map(({ hash }) => keyOf(contact.phoneNumberId, hash));
    if (!keys.some((key) => known.has(key))) fresh.add(at);
    for (const key of keys) known.add(key);
  }
  return fresh;
}

async function createAll(
  tx: Tx,
  newcomers: readonly { contact: HashedContact; cipher: PersonCipher }[],
): Promise<void> {
  if (newcomers.length === 0) return;
  const sql = `insert into conversation (id, phone_number_id, person_id, contact, updated_at)
    select n.id, number, person, contact, now() from unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[])
      as n(id, number, person, contact)`;
  const made = newcomers.map((one) => ({ ...one, id: randomUUID() }));
  await tx.query(sql, [
    made.map(({ id }) => id),
    made.map(({ contact: { contact } }) => contact.phoneNumberId),
    made.map(({ cipher }) => cipher.personId),
    made.map(({ cipher, contact: { contact } }) => sealedContact(cipher, contact)),
  ]);
  await addIdentities(tx, made);
}

/** Lets the hashes of each contact lead to a conversation. */
async function addIdentities(tx: Tx, all: readonly { id: string; contact: HashedContact }[]): Promise<void> {
  const rows = all.flatMap(({ id, contact: { contact, hashes, source, evidence } }) =>
    hashes.map(({ hash, kind }) => [contact.phoneNumberId, hash, kind, id, source, evidence]),
  );
  if (rows.length === 0) return;
  const sql = `insert into identity (phone_number_id, hash, kind, conversation_id, source, evidence)
    select * from unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::text[])`;
  const columns = [0, 1, 2, 3, 4, 5].map((column) => rows.map((row) => row[column]));
  await tx.query(sql, columns);
}

/** One person turned out to have two conversations. The rows that ended say how it was before. */
async function merge(tx: Tx, kept: string, gone: string, { evidence }: HashedContact): Promise<void> {
  // Locked in the order that every commit uses.
  await tx.query('select 1 from conversation where id = any($1::uuid[]) order by id for update', [[kept, gone]]);
  // Two statements: the unique index has to see the old rows ended before the new ones come.
  const ended = await tx.query<{ phone_number_id: string; hash: string; kind: Kind }>(
    `update identity set ended_at = now() where conversation_id = $1 and ended_at is null returning phone_number_id, hash, kind`,
    [gone],
  );
  await tx.query(
    `insert into identity (phone_number_id, hash, kind, conversation_id, source, evidence)
     select n, h, k, $1, $2, $3 from unnest($4::text[], $5::text[], $6::text[]) as e(n, h, k)`,
    [
      kept,
      `merge of ${gone}`,
      evidence,
      ended.map((row) => row.phone_number_id),
      ended.map((row) => row.hash),
      ended.map((row) => row.kind),
    ],
  );
  await tx.query(`update conversation set merged_into = $1, version = version + 1 where id = $2 or merged_into = $2`, [
    kept,
    gone,
  ]);
  await tx.query('update conversation set version = version + 1 where id = $1', [kept]);
}
