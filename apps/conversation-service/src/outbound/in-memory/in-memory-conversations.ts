import { randomUUID } from 'node:crypto';
import type { Tx } from '@parley/postgres';
import { initialDialogState, type JournalFrame } from '../../domain/turn.js';
import type {
  AnsweredBy,
  Change,
  Contact,
  Conversation,
  Fact,
  Send,
  TranscriptLine,
} from '../../ports/conversation.js';
import {
  Conversations,
  type Checkpoint,
  type Commit,
  type IdentityChange,
  type Settlement,
} from '../../ports/conversations.port.js';
import { conversationChanged, conversationNotFound } from '../../ports/errors.js';
import { Journal, type JournalEntry } from '../../ports/journal.port.js';

/** Stands in where a port wants an open transaction. */
const NO_TX: Tx = { query: async () => [], later: async () => undefined, afterCommit: (tell) => tell() };

const identitiesOf = ({ phoneNumberId, waId, userId }: Contact): string[] =>
  [waId, userId].filter(Boolean).map((id) => `${phoneNumberId} ${id}`);

/** Conversations in memory: the same promises, for as long as the process lives. */
export class InMemoryConversations extends Conversations {
  readonly facts: Fact[] = [];
  readonly sends: Send[] = [];
  readonly marks = new Set<string>();
  private readonly byId = new Map<string, Conversation>();
  private readonly mergedInto = new Map<string, string>();
  private readonly lines = new Map<string, TranscriptLine[]>();
  private readonly replies = new Map<string, { conversationId: string; requestHash: string; sendId: string }>();
  /** Results by "conversation message step", for the journal beside it. */
  readonly results = new Map<string, JournalEntry['outcome']>();

  override async unseen(itemIds: readonly string[]): Promise<Set<string>> {
    return new Set(itemIds.filter((id) => !this.marks.has(id)));
  }

  override async open(contacts: readonly Contact[]): Promise<Conversation[]> {
    const ids = contacts.map((contact) => this.link(identitiesOf(contact), contact).id);
    const copies = new Map(ids.map((id) => [id, structuredClone(this.byId.get(id)!)]));
    return contacts.map((contact, at) => {
      const conversation = copies.get(ids[at]!)!;
      const { waId, userId, profileName } = conversation.contact;
      conversation.contact = {
        phoneNumberId: contact.phoneNumberId,
        waId: contact.waId || waId,
        userId: contact.userId || userId,
        profileName: contact.profileName || profileName,
      };
      return conversation;
    });
  }

  override async addIdentities(changes: readonly IdentityChange[]): Promise<void> {
    for (const { contact, newWaId, newUserId } of changes) {
      const after = identitiesOf({ ...contact, waId: newWaId, userId: newUserId });
      this.link([...identitiesOf(contact), ...after], contact);
    }
  }

  override async commit({ changes, ignoredIds, checkpoint }: Commit): Promise<Set<string>> {
    const lost = new Set(changes.filter((change) => !this.holds(change)).map(({ before }) => before.id));
    for (const change of changes) if (!lost.has(change.before.id)) this.apply(change);
    if (lost.size > 0) return lost;
    for (const id of ignoredIds) this.marks.add(id);
    await checkpoint?.(NO_TX);
    return lost;
  }

  override async get(id: string): Promise<Conversation> {
    const conversation = this.byId.get(this.mergedInto.get(id) ?? id);
    if (!conversation) throw conversationNotFound();
    return structuredClone(conversation);
  }

  override async findByPhone(phone: string, phoneNumberId: string): Promise<Conversation[]> {
    const digits = phone.replaceAll(/\D/g, '').replace(/^00/, '');
    const found = this.latestFirst().filter(({ identities }) => identities.some((id) => id.endsWith(` ${digits}`)));
    return found.filter(({ contact }) => phoneNumberId === '' || contact.phoneNumberId === phoneNumberId);
  }

  /** Keys of the bus in memory name people as they are. */
  override async findByRecordKey(key: string): Promise<Conversation | undefined> {
    const identity = key.replace(':', ' ');
    return this.latestFirst().find(({ identities }) => identities.includes(identity));
  }

  override async list(states: readonly AnsweredBy[], limit: number): Promise<Conversation[]> {
    return this.latestFirst()
      .filter(({ state }) => states.length === 0 || states.includes(state))
      .slice(0, limit);
  }

  override async transcripts(ids: readonly string[], limit: number): Promise<Map<string, TranscriptLine[]>> {
    return new Map(ids.map((id) => [id, structuredClone((this.lines.get(id) ?? []).slice(-limit))]));
  }

  override async agentReply(
    key: string,
  ): Promise<{ conversationId: string; requestHash: string; sendId: string } | undefined> {
    return this.replies.get(key);
  }

  override async settle(settlements: readonly Settlement[], checkpoint: Checkpoint): Promise<void> {
    for (const { sendId, settled, wamid, reason } of settlements) {
      const line = [...this.lines.values()].flat().find(({ messageId }) => messageId === sendId);
      if (!line) continue;
      if (settled > 3) line.failureReason = '';
      else if (settled === 3 && line.settled <= 3 && reason) line.failureReason = reason;
      line.settled = settled > line.settled ? settled : line.settled;
      line.wamid = wamid || line.wamid;
    }
    await checkpoint(NO_TX);
  }

  private latestFirst(): Conversation[] {
    const all = [...this.byId.values()].sort((a, b) => b.updatedAt.getTime() - a.updatedAt.getTime());
    return structuredClone(all);
  }

  private holds({ before, itemIds, agentReply }: Change): boolean {
    const fresh = itemIds.every((id) => !this.marks.has(id));
    const sameVersion = this.byId.get(before.id)?.version === before.version;
    return sameVersion && fresh && !(agentReply && this.replies.has(agentReply.key));
  }

  private apply({ before, after, itemIds, said, facts, sends, results, agentReply }: Change): void {
    const { identities } = this.byId.get(before.id)!;
    this.byId.set(before.id, structuredClone({ ...after, identities, version: before.version + 1n }));
    for (const id of itemIds) this.marks.add(id);
    const lines = this.lines.get(before.id) ?? [];
    lines.push(...said.map((line) => ({ ...line, settled: 0 as const, wamid: '', failureReason: '' })));
    this.lines.set(before.id, lines);
    this.facts.push(...facts);
    this.sends.push(...sends);
    for (const { messageId, step, outcome } of results) this.results.set(`${before.id} ${messageId} ${step}`, outcome);
    if (agentReply) this.replies.set(agentReply.key, { conversationId: before.id, ...agentReply });
  }

  /** The one conversation of these identities, made or merged. */
  private link(identities: string[], contact: Contact): Conversation {
    const found = [...this.byId.values()].filter((one) => one.identities.some((id) => identities.includes(id)));
    const kept = found.find(({ state }) => state !== 'bot') ?? found[0] ?? this.create(contact);
    const before = kept.identities.length;
    kept.identities = [...new Set([...kept.identities, ...identities, ...found.flatMap((one) => one.identities)])];
    for (const gone of found) {
      if (gone === kept) continue;
      this.mergedInto.set(gone.id, kept.id);
      this.byId.delete(gone.id);
      this.lines.set(kept.id, [...(this.lines.get(gone.id) ?? []), ...(this.lines.get(kept.id) ?? [])]);
      this.lines.get(kept.id)!.sort((a, b) => a.at.getTime() - b.at.getTime());
      kept.version += 1n;
    }
    if (before === 0) this.byId.set(kept.id, kept);
    return kept;
  }

  private create(contact: Contact): Conversation {
    const blank = {
      customerId: '',
      displayName: '',
      agentId: '',
      team: '',
      handoffReason: '',
      language: '',
      intent: '',
    };
    return {
      ...blank,
      id: randomUUID(),
      contact,
      identities: [],
      state: 'bot',
      windowUntil: null,
      dialog: initialDialogState(),
      lastText: '',
      unread: 0,
      version: 1n,
      updatedAt: new Date(0),
    };
  }
}

/** The journal beside `InMemoryConversations`. */
export class InMemoryJournal extends Journal {
  private readonly frames = new Map<string, { messageId: string; frame: JournalFrame }>();

  constructor(private readonly conversations: InMemoryConversations) {
    super();
  }

  override async pending(
    messages: readonly { conversation: Conversation; messageId: string }[],
  ): Promise<Map<string, JournalEntry>> {
    const entries = new Map<string, JournalEntry>();
    for (const [key, { messageId, frame }] of this.frames) {
      if (messages.some((one) => one.messageId === messageId)) entries.set(messageId, this.entry(key, frame));
    }
    return entries;
  }

  override async begin(conversation: Conversation, messageId: string, frame: JournalFrame): Promise<JournalEntry> {
    const key = `${conversation.id} ${messageId} ${frame.step}`;
    const known = this.frames.get(key);
    if (known) return this.entry(key, known.frame);
    const { version } = await this.conversations.get(conversation.id);
    if (version !== conversation.version) throw conversationChanged();
    this.frames.set(key, { messageId, frame: structuredClone(frame) });
    return { frame, outcome: null };
  }

  private entry(key: string, frame: JournalFrame): JournalEntry {
    return { frame: structuredClone(frame), outcome: this.conversations.results.get(key) ?? null };
  }
}
