import { events } from '@parley/contracts';
import { AppError } from '@parley/errors';
import { passing } from '@parley/resilience';
import { ATTR, counter, createLogger, histogram, inSpan } from '@parley/telemetry';
import { REASONS } from '../domain/errors.js';
import { graphPayload } from '../domain/graph-payload.js';
import { judge, type Judgement } from '../domain/judge.js';
import { isTemplate, type Outcome, type Send } from '../domain/send.js';
import type { Clock } from '../ports/clock.port.js';
import type { ConsentGate } from '../ports/consent-gate.port.js';
import type { MessageChannel } from '../ports/message-channel.port.js';
import type { ClaimResult } from '../ports/sends.port.js';

const { MessageCategory } = events;
const log = createLogger('gateway');
const posts = counter('parley_gateway_posts_total', 'POSTs to the channel by what they came to', ['outcome']);
const seconds = histogram('parley_gateway_post_seconds', 'Duration of POSTs to the channel');

/** Without an answer about consent nothing is sent; this long until it is asked again. */
const CONSENT_RETRY_MS = 2000;

/** What a claim came to, with what it means for the number. */
export interface Posted extends Judgement {
  result: ClaimResult;
}

/** Takes one claimed send through the gates and posts it. */
export class PostSend {
  constructor(
    private readonly channel: MessageChannel,
    private readonly consent: ConsentGate,
    private readonly clock: Clock,
  ) {}

  async run(send: Send): Promise<Posted> {
    const { sendId, conversationId, traceparent } = send.message;
    const attributes = { [ATTR.sendId]: sendId, [ATTR.conversationId]: conversationId };
    return inSpan('send message', { parent: traceparent, attributes }, async (span) => {
      const posted = await this.#run(send);
      span.set(ATTR.outcome, posted.outcome.state);
      return { ...posted, result: { ...posted.result, traceparent: span.traceparent } };
    });
  }

  async #run(send: Send): Promise<Posted> {
    const refusal = await this.#gate(send);
    if (refusal) return { outcome: refusal, result: { send, outcome: refusal } };
    const request = graphPayload(send.message);
    await passing('gateway.post.permitted');
    const result = await this.channel.post(send.message.recipient?.phoneNumberId ?? '', request);
    await passing('gateway.post.answered');
    const judgement = judge(send, result, this.clock.now());
    seconds.observe(result.durationMs / 1000);
    posts.inc({ outcome: result.kind === 'accepted' ? 'ok' : judgement.outcome.state });
    if (judgement.unknownCode !== undefined) {
      log.warn(
        { code: judgement.unknownCode, sendId: send.message.sendId },
        'An unknown Graph error code; not retried',
      );
    }
    return { ...judgement, result: { send, outcome: judgement.outcome, evidence: { request, result } } };
  }

  /** What forbids the POST right now; undefined: nothing. */
  async #gate({ message }: Send): Promise<Outcome | undefined> {
    const closed = { state: 'refused', posted: false } as const;
    const { category, windowUntil, recipient } = message;
    if (category === MessageCategory.UNSPECIFIED || !recipient) return { ...closed, reason: REASONS.keyErased };
    if (!isTemplate(message) && windowUntil && this.clock.now() >= windowUntil) {
      return { ...closed, reason: REASONS.windowClosed };
    }
    if (category === MessageCategory.REPLY) return undefined;
    const purpose = category === MessageCategory.MARKETING ? 'marketing' : 'utility';
    try {
      const allowed = await this.consent.allows(recipient, purpose);
      return allowed ? undefined : { ...closed, reason: REASONS.consentWithdrawn };
    } catch (thrown) {
      const retryAt = new Date(this.clock.now().getTime() + CONSENT_RETRY_MS);
      return { state: 'queued', retryAt, reason: AppError.from(thrown).reason, posted: false };
    }
  }
}
