import { AppError } from '@parley/errors';
import { passing } from '@parley/resilience';
import { ATTR, type ActiveSpan } from '@parley/telemetry';
import type { Calls, CustomerView, Effect, TurnInput, TurnResult, Understanding } from '../domain/turn.js';
import type { Clock } from '../ports/clock.port.js';
import type { Change, Conversation, Said } from '../ports/conversation.js';
import type { Conversations } from '../ports/conversations.port.js';
import type { CustomerLookup } from '../ports/customers.port.js';
import type { JournalEntry } from '../ports/journal.port.js';
import type { Utterance } from '../ports/understanding.port.js';
import { idOf } from './ids.js';
import { expectsAnswer, laterOf, windowOf, type InboundItem } from './inbound-item.js';
import type { Joiner } from './joiner.js';
import { TurnCalls, type Systems } from './turn-calls.js';
import { answerWith, lastTextOf, saidByCustomer, TurnFacts } from './turn-facts.js';

/** What decides: the flow interpreter on the content of the moment. */
export interface Brain {
  turn(input: TurnInput, calls: Calls): Promise<TurnResult>;
  /** Team and priority for a reason to hand over. */
  route(facts: { reason: string; intent: string; language: string; tier: string | null }): {
    team: string;
    priority: 'low' | 'normal' | 'high' | 'urgent';
  };
  /** Language and zone of a customer nothing is known of. */
  defaults(contact: { waId: string; phoneNumberId: string }): { language: string; timeZone: string };
}

/** What one message needs from the rest of the service. */
export interface Surroundings extends Systems {
  brain: Brain;
  clock: Clock;
  conversations: Conversations;
  utterances: Joiner<Utterance, Understanding>;
}

/** A transcript has no end that matters to a hand-off. */
const WHOLE_TRANSCRIPT = 10_000;

const NOTHING_UNDERSTOOD: Understanding = {
  intent: 'oos',
  confidence: 0,
  alternatives: [],
  entities: [],
  language: '',
};

type Handoff = Omit<Extract<Effect, { kind: 'handoff' }>, 'kind'>;

/** Adds one message of a customer to a change: what is recorded, understood, called, answered, handed over. */
export class AnswerMessage {
  constructor(private readonly around: Surroundings) {}

  /** @throws what makes the message be tried again, or is its own fault; the change given is untouched then */
  async run(change: Change, item: InboundItem, begun: JournalEntry | undefined, span: ActiveSpan): Promise<Change> {
    const now = this.around.clock.now();
    const facts = new TurnFacts(change.before.id, item.id, now, span.traceparent);
    const said = saidByCustomer(item);
    facts.add({ kind: 'message-recorded', said });
    const after: Conversation = {
      ...change.after,
      windowUntil: laterOf(change.after.windowUntil, windowOf(item)),
      lastText: item.type === 'system' ? change.after.lastText : lastTextOf(said),
      updatedAt: now,
    };
    const recorded = { ...change, after, itemIds: [...change.itemIds, item.id], said: [...change.said, said] };
    if (!expectsAnswer(item)) return withFacts(recorded, facts);
    if (after.state !== 'bot') return this.leaveToPerson(recorded, item, begun, facts);
    const closed = now > (windowOf(item) ?? now);
    return closed ? this.queueLate(recorded, facts) : this.answer(recorded, item, begun, facts, span);
  }

  /** A person answers, or will: the bot is quiet. A call that was begun before is brought to its end. */
  private async leaveToPerson(
    change: Change,
    item: InboundItem,
    begun: JournalEntry | undefined,
    facts: TurnFacts,
  ): Promise<Change> {
    const calls = new TurnCalls(this.around, change.before, item);
    if (begun && !begun.outcome) {
      const { operation, args, idempotencyKey } = begun.frame;
      const outcome = await calls.write(begun.frame);
      const [result, word] = outcome.ok ? [outcome.value, 'ok'] : [null, outcome.reason];
      facts.called({ operation, args, outcome: word, result, durationMs: 0, idempotencyKey });
    }
    const after = { ...change.after, unread: change.after.unread + 1 };
    return withFacts({ ...change, after, results: [...change.results, ...calls.results] }, facts);
  }

  /** It came too late to be answered freely: only a person may decide what to do about it. */
  private async queueLate(change: Change, facts: TurnFacts): Promise<Change> {
    const { intent, language } = change.after;
    const reason = 'window-closed';
    const route = this.around.brain.route({ reason, intent, language, tier: null });
    return withFacts(await this.handOver(change, { reason, ...route }, facts), facts);
  }

  private async answer(
    change: Change,
    item: InboundItem,
    begun: JournalEntry | undefined,
    facts: TurnFacts,
    span: ActiveSpan,
  ): Promise<Change> {
    const { brain, clock } = this.around;
    const { customer, away } = await this.customerOf(item, change.after);
    const understanding = await this.understand(item, change.after, customer);
    await passing('conversation-service.message.understood');
    facts.understood(understanding);
    const calls = new TurnCalls(this.around, change.before, item);
    const result = await brain.turn(
      inputOf(change, item, begun, { customer, customerAway: away, understanding, now: clock.now(), brain }),
      calls,
    );
    facts.about(result.decidedBy, result.orderNumber);
    for (const call of result.calls) facts.called(call);
    describe(span, understanding, result);
    const next = concluded(change, customer, understanding, result);
    next.results = [...change.results, ...calls.results];
    const answered = this.reply(next, item, result, facts);
    return withFacts(await this.effects(answered, result.effects, facts), facts);
  }

  private async customerOf(
    item: InboundItem,
    conversation: Conversation,
  ): Promise<{ customer: CustomerView | null; away: boolean }> {
    const { userId, waId } = item.contact;
    const lookups = [userId ? { userId } : null, waId ? { phone: waId } : null].filter((one) => one !== null);
    try {
      const found = await Promise.all(lookups.map((lookup: CustomerLookup) => this.around.customerLookups.ask(lookup)));
      // Nobody is picked out of several: private data must go to the one it belongs to.
      return { customer: found.find((matches) => matches.length === 1)?.[0] ?? null, away: false };
    } catch (thrown) {
      this.around.patience.judge(item.id, 'CRM', AppError.from(thrown));
      // Without the CRM, what was known last still tells whose orders these are.
      const known = conversation.customerId !== '';
      return { customer: known ? remembered(conversation) : null, away: !known };
    }
  }

  private understand(
    item: InboundItem,
    { dialog, language }: Conversation,
    customer: CustomerView | null,
  ): Promise<Understanding> {
    if (item.text.trim() === '') return Promise.resolve(NOTHING_UNDERSTOOD);
    const languageHint = dialog.language ?? (language || customer?.language) ?? '';
    return this.around.utterances.ask({ text: item.text, languageHint, asked: dialog.asked ?? '' });
  }

  private reply(change: Change, item: InboundItem, result: TurnResult, facts: TurnFacts): Change {
    if (!result.reply) return change;
    const now = this.around.clock.now();
    const { after } = change;
    const { said, send } = answerWith(result.reply, result, {
      conversation: after,
      item,
      windowUntil: after.windowUntil ?? now,
      now,
      traceparent: facts.traceparent,
    });
    facts.add({ kind: 'message-recorded', said });
    return {
      ...change,
      after: { ...after, lastText: lastTextOf(said), language: result.reply.language },
      said: [...change.said, said],
      sends: [...change.sends, send],
    };
  }

  private async effects(change: Change, effects: readonly Effect[], facts: TurnFacts): Promise<Change> {
    let next = change;
    for (const effect of effects) {
      if (effect.kind === 'task') facts.task(effect);
      else next = await this.handOver(next, effect, facts);
    }
    return next;
  }

  private async handOver(change: Change, { reason, team, priority }: Handoff, facts: TurnFacts): Promise<Change> {
    const { before, after } = change;
    const earlier = (await this.around.conversations.transcripts([before.id], WHOLE_TRANSCRIPT)).get(before.id) ?? [];
    const transcript: Said[] = [...earlier, ...change.said];
    const handoffId = idOf(before.id, change.itemIds.at(-1) ?? '', 'handoff');
    const { intent, language } = after;
    facts.add({ kind: 'handoff-requested', handoffId, reason, team, intent, transcript, language, priority });
    facts.stateChanged(after.state, 'queued');
    return { ...change, after: { ...after, state: 'queued', team, handoffReason: reason, unread: after.unread + 1 } };
  }
}

function withFacts(change: Change, { facts }: TurnFacts): Change {
  return { ...change, facts: [...change.facts, ...facts] };
}

function inputOf(
  { after }: Change,
  item: InboundItem,
  begun: JournalEntry | undefined,
  known: Pick<TurnInput, 'customer' | 'customerAway' | 'understanding' | 'now'> & { brain: Brain },
): TurnInput {
  const { id, type, text, replyId, sentAt } = item;
  return {
    conversationId: after.id,
    defaults: known.brain.defaults(after.contact),
    customer: known.customer,
    customerAway: known.customerAway,
    contactPhone: after.contact.waId || null,
    message: { id, type, text, replyId, sentAt },
    understanding: known.understanding,
    state: after.dialog,
    now: begun ? new Date(begun.frame.now) : known.now,
    resume: begun?.frame ?? null,
  };
}

function concluded(
  change: Change,
  customer: CustomerView | null,
  understanding: Understanding,
  { state }: TurnResult,
): Change {
  const { after } = change;
  const conversation: Conversation = {
    ...after,
    dialog: state,
    customerId: customer?.id ?? '',
    displayName: customer?.name || after.contact.profileName,
    language: understanding.language || customer?.language || after.language,
    intent: understanding.intent === 'oos' ? after.intent : understanding.intent,
  };
  return { ...change, after: conversation };
}

/** The customer as far as the conversation itself remembers. */
function remembered({ customerId, displayName, language, contact }: Conversation): CustomerView {
  const phone = contact.waId ? `+${contact.waId}` : null;
  const unknown = { email: null, timeZone: null, tier: null, tags: [] };
  return { id: customerId, name: displayName, phone, language: language || null, ...unknown };
}

function describe(span: ActiveSpan, { intent }: Understanding, { decidedBy, orderNumber }: TurnResult): void {
  span.set(ATTR.intent, intent);
  if (decidedBy) span.set(ATTR.flow, decidedBy);
  if (orderNumber) span.set(ATTR.orderNumber, orderNumber);
}
