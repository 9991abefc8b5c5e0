import { createHash } from 'node:crypto';
import { passing } from '@parley/resilience';
import { currentTraceparent, maskSensitive } from '@parley/telemetry';
import type { Clock } from '../ports/clock.port.js';
import { noChange, type Change, type Conversation, type Said, type Send } from '../ports/conversation.js';
import type { Conversations } from '../ports/conversations.port.js';
import { badRequest, keyReused, notTheirs, windowClosed } from '../ports/errors.js';
import { changeConversation } from './change-conversation.js';
import { idOf } from './ids.js';
import { lastTextOf, TurnFacts } from './turn-facts.js';

/** What WhatsApp takes in one text. */
const MAX_CHARACTERS = 4096;

/** What an agent wants to say. */
export interface AgentReply {
  conversationId: string;
  agentId: string;
  text: string;
  idempotencyKey: string;
}

/** A person writes to the customer, in a conversation that is theirs and inside the 24-hour window. */
export class ReplyAsAgent {
  constructor(
    private readonly conversations: Conversations,
    private readonly clock: Clock,
  ) {}

  /**
   * Returns the send id; the same key gives the same one and sends once.
   * @throws AppError FAILED_PRECONDITION `WINDOW.CLOSED`, `CONVERSATION.NOT_TAKEN`, `IDEMPOTENCY.KEY_REUSED`
   */
  async run(reply: AgentReply): Promise<string> {
    if (reply.text.trim() === '') throw badRequest('A reply needs a text.');
    if (reply.text.length > MAX_CHARACTERS) throw badRequest(`A reply has at most ${MAX_CHARACTERS} characters.`);
    if (reply.idempotencyKey === '') throw badRequest('A reply needs an idempotency key.');
    let sendId = '';
    await changeConversation(this.conversations, reply.conversationId, async (conversation) => {
      const known = await this.known(conversation, reply);
      sendId = known ?? idOf(conversation.id, 'agent', reply.idempotencyKey);
      await passing('conversation-service.reply.decided');
      return known === undefined ? this.decide(conversation, reply, sendId) : null;
    });
    await passing('conversation-service.reply.committed');
    return sendId;
  }

  private async known({ id }: Conversation, reply: AgentReply): Promise<string | undefined> {
    const known = await this.conversations.agentReply(reply.idempotencyKey);
    if (!known) return undefined;
    if (known.conversationId !== id || known.requestHash !== hashOf(reply)) throw keyReused();
    return known.sendId;
  }

  private decide(before: Conversation, reply: AgentReply, sendId: string): Change {
    if (before.state !== 'human' || before.agentId !== reply.agentId) throw notTheirs();
    const now = this.clock.now();
    if (!before.windowUntil || now > before.windowUntil) throw windowClosed();
    const traceparent = currentTraceparent() ?? '';
    const facts = new TurnFacts(before.id, sendId, now, traceparent);
    const said: Said = {
      messageId: sendId,
      direction: 'outbound',
      author: 'agent',
      agentId: reply.agentId,
      text: maskSensitive(reply.text),
      type: 'text',
      choices: [],
      at: now,
    };
    facts.add({ kind: 'message-recorded', said });
    const send: Send = {
      id: sendId,
      reply: { text: reply.text, language: before.language },
      windowUntil: before.windowUntil,
      inReplyTo: '',
      decidedBy: 'agent',
      at: now,
      traceparent,
    };
    return {
      ...noChange(before),
      after: { ...before, lastText: lastTextOf(said), unread: 0, updatedAt: now },
      said: [said],
      facts: facts.facts,
      sends: [send],
      agentReply: { key: reply.idempotencyKey, requestHash: hashOf(reply), sendId },
    };
  }
}

/** What the key stands for; only its hash is kept, since the text is personal. */
function hashOf({ agentId, text }: AgentReply): string {
  return createHash('sha256')
    .update(JSON.stringify([agentId, text]))
    .digest('hex');
}
