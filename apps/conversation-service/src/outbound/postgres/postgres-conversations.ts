import { personOfKey } from '@parley/event-bus';
import type { Database, Inbox, PersonVault } from '@parley/postgres';
import { passing } from '@parley/resilience';
import type { AnsweredBy, Contact, Conversation, TranscriptLine } from '../../ports/conversation.js';
import {
  Conversations,
  type Checkpoint,
  type Commit,
  type IdentityChange,
  type Settlement,
} from '../../ports/conversations.port.js';
import { conversationNotFound } from '../../ports/errors.js';
import type { Committer } from './commit.js';
import {
  conversationColumns,
  fromRow,
  lineFromRow,
  type ConversationRow,
  type MessageRow,
} from './conversation-row.js';
import type { Identities } from './identities.js';
import { CHANGED_CHANNEL, CHANGED_MS } from './postgres-changes.js';

const SELECT = `select ${conversationColumns} from conversation c`;

const TRANSCRIPTS = `select coalesce(c.merged_into, c.id) as conversation_id, m.message_id, m.direction, m.author, m.agent_id,
    m.body, m.type, m.at, m.settled, m.wamid, m.failure_reason
  from conversation c
  cross join lateral (select * from message where conversation_id = c.id order by seq desc limit $2) m
  where c.id = any($1::uuid[]) or c.merged_into = any($1::uuid[])
  order by m.seq`;

// The news are one object by send id, looked up for each row: joined as a list, a plan made while the table was small read all of
// it for every batch, or compared every message with every piece of news.
const SETTLE = `with held as materialized (
    select m.conversation_id, m.message_id from message m
    where m.message_id = any($1::text[]) and m.direction = 'outbound' order by m.conversation_id, m.message_id for update of m
  ), news as (
    select conversation_id, message_id, (n ->> 0)::smallint as settled, n ->> 1 as wamid, n ->> 2 as reason
    from (select held.*, $2::jsonb -> message_id as n from held) as found
  )
  update message m set settled = greatest(m.settled, n.settled),
    wamid = case when n.wamid <> '' then n.wamid else m.wamid end,
    failure_reason = case when n.settled = 3 and m.settled <= 3 and n.reason <> '' then n.reason when n.settled > 3 then '' else m.failure_reason end
  from news n
  where m.conversation_id = n.conversation_id and m.message_id = n.message_id returning m.conversation_id as id`;

/** Conversations in Postgres. */
export class PostgresConversations extends Conversations {
  constructor(
    private readonly db: Database,
    private readonly vault: PersonVault,
    private readonly inbox: Inbox,
    private readonly identities: Identities,
    private readonly committer: Committer,
  ) {
    super();
  }

  override unseen(itemIds: readonly string[]): Promise<Set<string>> {
    return this.inbox.unseen(this.db, itemIds);
  }

  override async open(contacts: readonly Contact[]): Promise<Conversation[]> {
    if (contacts.length === 0) return [];
    const rows = await this.identities.resolve(contacts.map((contact) => this.identities.hashed(contact)));
    const byId = new Map(rows.map((row) => [row.id, row]));
    const known = new Map((await this.unsealedRows([...byId.values()])).map((one) => [one.id, one]));
    return rows.map((row, at) => {
      const conversation = known.get(row.id)!;
      conversation.contact = fresher(conversation.contact, contacts[at]!);
      return conversation;
    });
  }

  override async addIdentities(changes: readonly IdentityChange[]): Promise<void> {
    const hashed = changes.map(({ contact, newWaId, newUserId, messageId }) => {
      const before = this.identities.hashed(contact, 'announced by WhatsApp', messageId);
      const after = this.identities.hashed({ ...contact, waId: newWaId, userId: newUserId });
      const added = after.hashes.filter(({ hash }) => !before.hashes.some((one) => one.hash === hash));
      return { ...before, hashes: [...before.hashes, ...added] };
    });
    await this.identities.resolve(hashed);
  }

  override commit(commit: Commit): Promise<Set<string>> {
    return this.committer.commit(commit);
  }

  override async get(id: string): Promise<Conversation> {
    // A conversation that was merged away is found as the one it became.
    const sql = `${SELECT} where c.id = (select coalesce(merged_into, id) from conversation where id = $1::uuid)`;
    const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
    const rows = isUuid ? await this.db.query<ConversationRow>(sql, [id]) : [];
    const [conversation] = await this.unsealedRows(rows);
    if (!conversation) throw conversationNotFound();
    return conversation;
  }

  override async findByPhone(phone: string, phoneNumberId: string): Promise<Conversation[]> {
    const digits = phone.replaceAll(/\D/g, '').replace(/^00/, '');
    if (digits === '') return [];
    const sql = `${SELECT} where c.id in (select conversation_id from identity where hash = $1 and ended_at is null
      and ($2 = '' or phone_number_id = $2)) order by c.updated_at desc`;
    return this.unsealedRows(
      await this.db.query<ConversationRow>(sql, [this.vault.lookupHash('wa_id', digits), phoneNumberId]),
    );
  }

  override async findByRecordKey(key: string): Promise<Conversation | undefined> {
    const about = personOfKey(key);
    if (!about) return undefined;
    const hash = about.kind === 'hash' ? about.hash : this.vault.lookupHash(about.kind, about.person);
    // Hashes are hex: whatever begins with this one sorts before it with a "g" behind.
    const sql = `${SELECT} where c.id = (select conversation_id from identity
      where phone_number_id = $1 and hash >= $2 and hash < $2 || 'g' and ended_at is null order by hash limit 1)`;
    const [conversation] = await this.unsealedRows(
      await this.db.query<ConversationRow>(sql, [about.phoneNumberId, hash]),
    );
    return conversation;
  }

  override async list(states: readonly AnsweredBy[], limit: number): Promise<Conversation[]> {
    const sql = `${SELECT} where c.merged_into is null and (cardinality($1::text[]) = 0 or c.state = any($1::text[]))
      order by c.updated_at desc, c.id limit $2`;
    return this.unsealedRows(await this.db.query<ConversationRow>(sql, [states, limit]));
  }

  override async transcripts(ids: readonly string[], limit: number): Promise<Map<string, TranscriptLine[]>> {
    const lines = new Map<string, TranscriptLine[]>(ids.map((id) => [id, []]));
    if (ids.length === 0) return lines;
    const hashes = await this.db.query<{ id: string; identities: string[] }>(
      `select conversation_id as id, array_agg(hash order by id) as identities from identity
       where conversation_id = any($1::uuid[]) and ended_at is null group by conversation_id`,
      [ids],
    );
    const ciphers = await this.vault.open(hashes.map(({ identities }) => identities));
    const cipherOf = new Map(hashes.map(({ id }, at) => [id, ciphers[at]!]));
    for (const row of await this.db.query<MessageRow>(TRANSCRIPTS, [ids, limit])) {
      lines.get(row.conversation_id)?.push(lineFromRow(row, cipherOf.get(row.conversation_id)!));
    }
    for (const [id, all] of lines) lines.set(id, all.slice(-limit));
    return lines;
  }

  override async agentReply(
    key: string,
  ): Promise<{ conversationId: string; requestHash: string; sendId: string } | undefined> {
    const sql = `select conversation_id as "conversationId", request_hash as "requestHash", send_id as "sendId"
      from agent_reply where idempotency_key = $1`;
    const [row] = await this.db.query<{ conversationId: string; requestHash: string; sendId: string }>(sql, [key]);
    return row;
  }

  override async settle(settlements: readonly Settlement[], checkpoint: Checkpoint): Promise<void> {
    await this.db.transaction(async (tx) => {
      if (settlements.length > 0) {
        const news = settlements.map(({ sendId, settled, wamid, reason }) => [sendId, [settled, wamid, reason]]);
        const ids = settlements.map(({ sendId }) => sendId);
        const rows = await tx.query<{ id: string }>(SETTLE, [ids, JSON.stringify(Object.fromEntries(news))]);
        tx.afterCommit(() => {
          for (const { id } of rows) this.db.hint(CHANGED_CHANNEL, id, CHANGED_MS);
        });
      }
      await checkpoint(tx);
    });
    await passing('conversation-service.settlement.committed');
  }

  private async unsealedRows(rows: ConversationRow[]): Promise<Conversation[]> {
    const ciphers = rows.length > 0 ? await this.vault.open(rows.map(({ identities }) => identities)) : [];
    return rows.map((row, at) => fromRow(row, ciphers[at]!));
  }
}

/** A contact with what the latest message says about it. */
function fresher(known: Contact, latest: Contact): Contact {
  return {
    phoneNumberId: latest.phoneNumberId,
    userId: latest.userId || known.userId,
    waId: latest.waId || known.waId,
    profileName: latest.profileName || known.profileName,
  };
}
