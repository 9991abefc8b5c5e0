import type { Database, PersonVault } from '@parley/postgres';
import type { CallOutcome, JournalFrame } from '../../domain/turn.js';
import type { Conversation } from '../../ports/conversation.js';
import { Journal, type JournalEntry } from '../../ports/journal.port.js';
import { conversationChanged } from '../../ports/errors.js';
import { sealedJson, unsealedJson } from './conversation-row.js';

interface JournalRow {
  message_id: string;
  frame: Buffer;
  result: Buffer | null;
}

const PENDING = `select distinct on (j.conversation_id, j.message_id) j.message_id, j.frame, j.result
  from unnest($1::uuid[], $2::text[]) as w(conversation_id, message_id)
  join journal j using (conversation_id, message_id) order by j.conversation_id, j.message_id, j.begun desc`;

// A new frame only counts for a conversation that is still as read: after an agent took over nothing more is begun. One that is
// there already is returned as it is, whatever is asked now.
const BEGIN = `insert into journal (conversation_id, message_id, step_id, frame)
  select c.id, $2, $3, $4 from conversation c where c.id = $1 and c.version = $5 for share of c
  on conflict do nothing returning message_id, frame, result`;

const EXISTING = `select message_id, frame, result from journal where conversation_id = $1 and message_id = $2 and step_id = $3`;

/** The journal in Postgres; frames and results are sealed under the person's key. */
export class PostgresJournal extends Journal {
  constructor(
    private readonly db: Database,
    private readonly vault: PersonVault,
  ) {
    super();
  }

  override async pending(
    messages: readonly { conversation: Conversation; messageId: string }[],
  ): Promise<Map<string, JournalEntry>> {
    const params = [messages.map(({ conversation }) => conversation.id), messages.map(({ messageId }) => messageId)];
    const rows = messages.length > 0 ? await this.db.query<JournalRow>(PENDING, params) : [];
    const entries = new Map<string, JournalEntry>();
    for (const row of rows) {
      const owner = messages.find(({ messageId }) => messageId === row.message_id)!.conversation;
      entries.set(row.message_id, await this.entry(owner, row));
    }
    return entries;
  }

  override async begin(conversation: Conversation, messageId: string, frame: JournalFrame): Promise<JournalEntry> {
    const [cipher] = await this.vault.open([conversation.identities]);
    const { id, version } = conversation;
    const [fresh] = await this.db.query(BEGIN, [id, messageId, frame.step, sealedJson(cipher!, frame), version]);
    if (fresh) return { frame, outcome: null };
    const [existing] = await this.db.query<JournalRow>(EXISTING, [id, messageId, frame.step]);
    if (!existing) throw conversationChanged();
    return this.entry(conversation, existing);
  }

  private async entry(conversation: Conversation, { frame, result }: JournalRow): Promise<JournalEntry> {
    const [cipher] = await this.vault.open([conversation.identities]);
    return {
      frame: unsealedJson<JournalFrame>(cipher!, frame)!,
      outcome: unsealedJson<CallOutcome>(cipher!, result) ?? null,
    };
  }
}
