import { randomInt } from 'node:crypto';
import type { WebhookTarget } from '../ports/webhook-target.port.js';

/** What Meta does when a callback address is registered. */
export class CheckSubscription {
  constructor(
    private readonly target: WebhookTarget,
    private readonly verifyToken: string,
  ) {}

  /** Whether the receiver repeated the challenge. @throws AppError UNAVAILABLE when it did not answer */
  async run(): Promise<{ verified: boolean; status: number }> {
    const challenge = String(randomInt(100_000_000, 1_000_000_000));
    const answer = await this.target.handshake({
      'hub.mode': 'subscribe',
      'hub.challenge': challenge,
      'hub.verify_token': this.verifyToken,
    });
    return { verified: answer.status === 200 && answer.body === challenge, status: answer.status };
  }
}
