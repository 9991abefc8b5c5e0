import { z } from 'zod';
import { encodeBody } from '../domain/signature.js';
import { buildEnvelope } from '../domain/webhook-envelope.js';
import type { World } from '../domain/world.js';
import type { Clock } from '../ports/clock.port.js';
import type { TargetAnswer, WebhookTarget } from '../ports/webhook-target.port.js';
import type { DeliverWebhooks } from './deliver-webhooks.js';

/** One POST made by hand: a field with its value, a whole body, or bytes. */
export const rawWebhook = z.strictObject({
  field: z.string().min(1).optional(),
  value: z.record(z.string(), z.unknown()).optional(),
  /** A whole body, encoded as Meta does. */
  body: z.unknown().optional(),
  /** Sent byte for byte. */
  raw: z.string().optional(),
  /** `valid`, `none`, or the header's value as it is to be sent. */
  signature: z.string().default('valid'),
  headers: z.record(z.string(), z.string()).default({}),
  times: z.number().int().min(1).max(1_000).default(1),
  /** true: one try each, now, and the answers come back. false: queued like Meta's own, with repetitions. */
  wait: z.boolean().default(true),
});
export type RawWebhook = z.output<typeof rawWebhook>;

export class SendRawWebhook {
  constructor(
    private readonly world: World,
    private readonly target: WebhookTarget,
    private readonly webhooks: DeliverWebhooks,
    private readonly clock: Clock,
  ) {}

  /** The receiver's answers, in order; none when the webhook was queued. */
  async run(request: RawWebhook): Promise<TargetAnswer[]> {
    const { field, value = {}, times } = request;
    const time = Math.floor(this.clock.now() / 1000);
    if (!request.wait && field !== undefined) {
      for (let i = 0; i < times; i += 1) {
        void this.webhooks.send({ kind: 'change', lane: field, label: field, field, value, time });
      }
      return [];
    }
    const bytes = this.bytesOf(request, time);
    const headers: Record<string, string> = { 'content-type': 'application/json', ...request.headers };
    if (request.signature === 'valid') headers['x-hub-signature-256'] = this.webhooks.sign(bytes);
    else if (request.signature !== 'none') headers['x-hub-signature-256'] = request.signature;
    const answers: TargetAnswer[] = [];
    for (let i = 0; i < times; i += 1) answers.push(await this.target.post(bytes, headers));
    return answers;
  }

  private bytesOf({ raw, body, field, value = {} }: RawWebhook, time: number): Buffer {
    if (raw !== undefined) return Buffer.from(raw, 'utf8');
    if (body !== undefined) return encodeBody(body);
    const name = field ?? 'messages';
    return encodeBody(
      buildEnvelope([{ kind: 'change', lane: name, label: name, field: name, value, time }], this.world.business),
    );
  }
}
