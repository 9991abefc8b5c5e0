import { AppError } from '@parley/errors';
import { passing } from '@parley/resilience';
import { ATTR, counter, hashedId, inSpan } from '@parley/telemetry';
import { noChange, type Change, type Conversation } from '../ports/conversation.js';
import type { Checkpoint, Commit, IdentityChange } from '../ports/conversations.port.js';
import { conversationChanged } from '../ports/errors.js';
import type { JournalEntry } from '../ports/journal.port.js';
import { AnswerMessage, type Surroundings } from './answer-message.js';
import type { InboundItem } from './inbound-item.js';

// A conversation that changes under our hands this often is being fought over; the partition waits a moment and tries again.
const ATTEMPTS = 20;

const messages = counter('parley_conversation_messages_total', "Customers' messages, by what became of them.", [
  'outcome',
]);
const rerun = counter('parley_conversation_reruns_total', 'Conversations decided again because they had changed.');
const unconfigured = counter(
  'parley_conversation_unconfigured_total',
  'Items for a phone_number_id that is not configured: kept, never answered.',
);

interface Decided {
  changes: Change[];
  ignoredIds: string[];
  /** Conversations that were no longer as read when a call was to be begun. */
  stale: Set<string>;
  failures: unknown[];
  itemsOf: Map<string, InboundItem[]>;
}

/**
 * Answers a batch of webhook items: what is new is decided conversation by conversation, in parallel, and committed in one
 * transaction with the reader's position. A conversation that changed meanwhile is decided again; the rest is committed.
 */
export class AnswerBatch {
  private readonly answerMessage: AnswerMessage;

  constructor(
    private readonly around: Surroundings,
    private readonly phoneNumberIds: ReadonlySet<string>,
  ) {
    this.answerMessage = new AnswerMessage(around);
  }

  /** @throws the failure of a message that could not be decided; everything else is committed then, the position is not */
  async run(items: readonly InboundItem[], checkpoint: Checkpoint): Promise<void> {
    const failures: unknown[] = [];
    let open = items;
    await passing('conversation-service.batch.read');
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const decided = await this.decide(await this.unseen(open));
      await passing('conversation-service.batch.decided');
      failures.push(...decided.failures);
      const { changes, ignoredIds, stale, itemsOf } = decided;
      const last = failures.length === 0 && stale.size === 0;
      const lost = await this.commit({ changes, ignoredIds, ...(last ? { checkpoint } : {}) });
      const again = new Set([...lost, ...stale]);
      if (again.size === 0) return raise(failures);
      rerun.inc(again.size);
      open = [...again].flatMap((id) => itemsOf.get(id) ?? []);
      if (lost.size > 0) open = [...open, ...items.filter(({ id }) => ignoredIds.includes(id))];
    }
    throw conversationChanged();
  }

  private async commit(commit: Commit): Promise<Set<string>> {
    try {
      const lost = await this.around.conversations.commit(commit);
      this.count(commit.changes, lost);
      return lost;
    } catch (thrown) {
      if (AppError.from(thrown).retryable || commit.changes.length < 2) throw thrown;
      return this.isolate(commit.changes, thrown);
    }
  }

  /**
   * One change that no table takes must not cost all others being decided again: what is decided is committed by halves, until
   * the culprit stands alone. More than one culprit is left to the bus, which halves the batch.
   */
  private async isolate(changes: Change[], failure: unknown): Promise<never> {
    const middle = changes.length >> 1;
    const failed: { half: Change[]; thrown: unknown }[] = [];
    for (const half of [changes.slice(0, middle), changes.slice(middle)]) {
      try {
        this.count(half, await this.around.conversations.commit({ changes: half, ignoredIds: [] }));
      } catch (thrown) {
        if (AppError.from(thrown).retryable) throw thrown;
        failed.push({ half, thrown });
      }
    }
    const [only, other] = failed;
    if (!only || other || only.half.length < 2) throw only?.thrown ?? failure;
    return this.isolate(only.half, only.thrown);
  }

  private async unseen(items: readonly InboundItem[]): Promise<InboundItem[]> {
    const ids = await this.around.conversations.unseen(items.map(({ id }) => id));
    // `delete` also drops the second copy inside one batch.
    return items.filter(({ id }) => ids.delete(id));
  }

  private async decide(items: InboundItem[]): Promise<Decided> {
    const { conversations, journal } = this.around;
    await passing('conversation-service.batch.sifted');
    const toAnswer = items.filter((item) => this.concernsUs(item)).map(underNewIdentity);
    const announced = items.filter(({ identityChange }) => identityChange).filter((item) => this.isOurs(item));
    if (announced.length > 0) await conversations.addIdentities(announced.map(announcement));
    const opened = await conversations.open(toAnswer.map(({ contact }) => contact));
    await passing('conversation-service.batch.opened');
    const begun = await journal.pending(toAnswer.map(({ id }, at) => ({ conversation: opened[at]!, messageId: id })));
    const groups = grouped(toAnswer, opened);
    const outcomes = await Promise.all(groups.map((group) => this.decideConversation(group, begun)));
    const changed = new Set(toAnswer.map(({ id }) => id));
    return {
      changes: outcomes.flatMap(({ change }) => (change.itemIds.length > 0 ? [change] : [])),
      ignoredIds: items.flatMap(({ id }) => (changed.has(id) ? [] : [id])),
      stale: new Set(outcomes.flatMap(({ change, stale }) => (stale ? [change.before.id] : []))),
      failures: outcomes.flatMap(({ failure }) => (failure === undefined ? [] : [failure])),
      itemsOf: new Map(groups.map(({ conversation, items: own }) => [conversation.id, own])),
    };
  }

  /** Whether it is about a conversation with one of our numbers. */
  private concernsUs(item: InboundItem): boolean {
    if (item.field !== 'messages') return false;
    if (!this.isOurs(item)) unconfigured.inc();
    return this.isOurs(item) && (item.contact.waId !== '' || item.contact.userId !== '');
  }

  private isOurs({ contact }: InboundItem): boolean {
    return this.phoneNumberIds.has(contact.phoneNumberId);
  }

  /** The messages of one conversation, in their order; what could be decided before a failure stays. */
  private async decideConversation(
    { conversation, items }: Group,
    begun: Map<string, JournalEntry>,
  ): Promise<{ change: Change; stale: boolean; failure?: unknown }> {
    let change = noChange(conversation);
    for (const item of items) {
      try {
        change = await this.traced(change, item, begun.get(item.id));
      } catch (thrown) {
        const stale = AppError.from(thrown).reason === 'CONVERSATION.CHANGED';
        return stale ? { change, stale } : { change, stale, failure: thrown };
      }
    }
    return { change, stale: false };
  }

  private traced(change: Change, item: InboundItem, begun: JournalEntry | undefined): Promise<Change> {
    const attributes = { [ATTR.conversationId]: change.before.id, [ATTR.messageId]: hashedId(item.id) };
    item.annotate(attributes);
    return inSpan('conversation.answer', { parent: item.traceparent, attributes }, (span) =>
      this.answerMessage.run(change, item, begun, span),
    );
  }

  private count(changes: readonly Change[], lost: ReadonlySet<string>): void {
    for (const { before, after, itemIds, sends } of changes) {
      if (lost.has(before.id)) continue;
      this.around.patience.forget(itemIds);
      const outcome = sends.length > 0 ? 'answered' : after.state === 'bot' ? 'quiet' : 'person';
      messages.inc({ outcome }, itemIds.length);
    }
  }
}

/** Somebody who changed their number is answered, from this item on, under the new one. */
function underNewIdentity(item: InboundItem): InboundItem {
  const { contact, identityChange } = item;
  if (!identityChange) return item;
  const { newWaId, newUserId } = identityChange;
  return { ...item, contact: { ...contact, waId: newWaId || contact.waId, userId: newUserId || contact.userId } };
}

const announcement = ({ id, contact, identityChange }: InboundItem): IdentityChange => ({
  contact,
  newWaId: identityChange?.newWaId ?? '',
  newUserId: identityChange?.newUserId ?? '',
  messageId: id,
});

interface Group {
  conversation: Conversation;
  items: InboundItem[];
}

function grouped(items: InboundItem[], opened: Conversation[]): Group[] {
  const groups = new Map<string, Group>();
  items.forEach((item, at) => {
    const conversation = opened[at]!;
    const group = groups.get(conversation.id);
    if (group) group.items.push(item);
    else groups.set(conversation.id, { conversation, items: [item] });
  });
  return [...groups.values()];
}

/** What may go away by itself is reported first: a record is at fault only when nothing else is wrong. */
function raise(failures: readonly unknown[]): void {
  if (failures.length === 0) return;
  throw failures.find((failure) => AppError.from(failure).retryable) ?? failures[0];
}
