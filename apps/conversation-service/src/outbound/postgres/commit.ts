import type { EventBus } from '@parley/event-bus';
import type { Database, Inbox, PersonCipher, PersonVault, Tx } from '@parley/postgres';
import { passing } from '@parley/resilience';
import type { Change } from '../../ports/conversation.js';
import type { Commit } from '../../ports/conversations.port.js';
import { recordsOf } from '../bus/records.js';
import { CHANGED_CHANNEL, CHANGED_MS } from './postgres-changes.js';
import { sealedBody, sealedContact, sealedJson } from './conversation-row.js';

/** Rolls the transaction back and says whose changes did not hold. */
class Lost extends Error {
  constructor(readonly ids: Set<string>) {
    super('Some conversations are no longer as read.');
  }
}

// Rows are locked in id order before they are written, so that two batches wait for each other instead of deadlocking; whoever
// waited sees the version it waited for.
const GUARD = `with held as materialized (
    select t.* from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
      $9::timestamptz[], $10::text[], $11::bytea[], $12::bytea[], $13::bytea[], $14::bytea[], $15::int[], $16::timestamptz[])
    as t(id, version, state, agent_id, team, handoff_reason, language, intent, window_until, customer_id, contact, display_name,
      last_text, dialog, unread, updated_at)
    join conversation c on c.id = t.id and c.version = t.version order by c.id for update of c
  )
  update conversation c set version = c.version + 1, state = t.state, agent_id = t.agent_id, team = t.team,
    handoff_reason = t.handoff_reason, language = t.language, intent = t.intent, window_until = t.window_until,
    customer_id = t.customer_id, contact = t.contact, display_name = t.display_name, last_text = t.last_text,
    dialog = t.dialog, unread = t.unread, updated_at = t.updated_at
  from held t where c.id = t.id returning c.id`;

// The lines, the results of writing calls and the agents' keys, and who is told, in one round trip.
const LINES = `insert into message (conversation_id, message_id, direction, author, agent_id, body, type, at)
  select c, m, d, w, a, b, t, s from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::text[],
    $8::timestamptz[]) with ordinality as n(c, m, d, w, a, b, t, s, ord) order by ord on conflict do nothing`;

const RESULTS = `update journal j set result = n.result from unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[])
  as n(conversation_id, message_id, step_id, result)
  where j.conversation_id = n.conversation_id and j.message_id = n.message_id and j.step_id = n.step_id`;

const AGENT_REPLY = `insert into agent_reply (idempotency_key, conversation_id, request_hash, send_id)
  values ($1, $2, $3, $4) on conflict do nothing returning 1`;

/** Commits changes under their guards. */
export class Committer {
  constructor(
    private readonly db: Database,
    private readonly vault: PersonVault,
    private readonly inbox: Inbox,
    private readonly bus: EventBus,
  ) {}

  async commit({ changes, ignoredIds, checkpoint }: Commit): Promise<Set<string>> {
    if (changes.length === 0 && ignoredIds.length === 0 && !checkpoint) return new Set();
    const ciphers = changes.length > 0 ? await this.vault.open(changes.map(({ before }) => before.identities)) : [];
    const cipherOf = new Map(changes.map((change, at) => [change, ciphers[at]!]));
    const lost = new Set<string>();
    for (;;) {
      const held = changes.filter(({ before }) => !lost.has(before.id));
      // With something lost the batch is not done: its position and what it ignores wait for the next commit.
      const whole = lost.size === 0;
      if (!whole && held.length === 0) return lost;
      const ids = await this.attempt(held, cipherOf, whole ? { ignoredIds, checkpoint } : { ignoredIds: [] });
      if (ids.size === 0) return lost;
      for (const id of ids) lost.add(id);
    }
  }

  private async attempt(
    changes: Change[],
    cipherOf: Map<Change, PersonCipher>,
    { ignoredIds, checkpoint }: Omit<Commit, 'changes'>,
  ): Promise<Set<string>> {
    try {
      await this.db.transaction(async (tx) => {
        const lost = await this.lostOf(tx, changes, cipherOf, ignoredIds);
        if (lost.size > 0) throw new Lost(lost);
        await passing('conversation-service.batch.guarded');
        await writeLines(tx, changes, cipherOf);
        await writeResults(tx, changes, cipherOf);
        tx.afterCommit(() => {
          for (const { before } of changes) this.db.hint(CHANGED_CHANNEL, before.id, CHANGED_MS);
        });
        await checkpoint?.(tx);
        const records = changes.flatMap(recordsOf);
        if (records.length > 0) await this.bus.append(tx, records);
        await passing('conversation-service.batch.appended');
      });
      await passing('conversation-service.batch.committed');
      return new Set();
    } catch (thrown) {
      if (thrown instanceof Lost) return thrown.ids;
      throw thrown;
    }
  }

  /** Writes what is guarded and returns the conversations whose guard failed. */
  private async lostOf(
    tx: Tx,
    changes: Change[],
    cipherOf: Map<Change, PersonCipher>,
    ignoredIds: string[],
  ): Promise<Set<string>> {
    const [held, marked] = await Promise.all([
      guard(tx, changes, cipherOf),
      this.inbox.markNew(tx, [...changes.flatMap(({ itemIds }) => itemIds), ...ignoredIds]),
    ]);
    const lost = new Set<string>();
    for (const change of changes) {
      const { before, itemIds, agentReply } = change;
      let holds = held.has(before.id) && itemIds.every((id) => marked.has(id));
      if (holds && agentReply) {
        const params = [agentReply.key, before.id, agentReply.requestHash, agentReply.sendId];
        holds = (await tx.query(AGENT_REPLY, params)).length === 1;
      }
      if (!holds) lost.add(before.id);
    }
    return lost;
  }
}

async function guard(tx: Tx, changes: Change[], cipherOf: Map<Change, PersonCipher>): Promise<Set<string>> {
  if (changes.length === 0) return new Set();
  const columns = changes.map((change) => {
    const { before, after } = change;
    const cipher = cipherOf.get(change)!;
    return [
      before.id,
      before.version,
      after.state,
      after.agentId,
      after.team,
      after.handoffReason,
      after.language,
      after.intent,
      after.windowUntil,
      after.customerId,
      sealedContact(cipher, after.contact),
      cipher.encrypt(after.displayName),
      cipher.encrypt(after.lastText),
      sealedJson(cipher, after.dialog),
      after.unread,
      after.updatedAt,
    ];
  });
  const rows = await tx.query<{ id: string }>(GUARD, transposed(columns, 16));
  return new Set(rows.map(({ id }) => id));
}

async function writeLines(tx: Tx, changes: Change[], cipherOf: Map<Change, PersonCipher>): Promise<void> {
  const columns = changes.flatMap((change) =>
    change.said.map((line) => [
      change.before.id,
      line.messageId,
      line.direction,
      line.author,
      line.agentId,
      sealedBody(cipherOf.get(change)!, line),
      line.type,
      line.at,
    ]),
  );
  if (columns.length > 0) await tx.later(LINES, transposed(columns, 8));
}

async function writeResults(tx: Tx, changes: Change[], cipherOf: Map<Change, PersonCipher>): Promise<void> {
  const columns = changes.flatMap((change) =>
    change.results.map(({ messageId, step, outcome }) => [
      change.before.id,
      messageId,
      step,
      sealedJson(cipherOf.get(change)!, outcome),
    ]),
  );
  if (columns.length > 0) await tx.later(RESULTS, transposed(columns, 4));
}

/** Rows to columns: what `unnest` takes. */
function transposed(rows: unknown[][], width: number): unknown[][] {
  return Array.from({ length: width }, (_, column) => rows.map((row) => row[column]));
}
