import { WebhookTarget, type TargetAnswer } from '../../ports/webhook-target.port.js';

export interface ReceivedPost {
  body: Buffer;
  headers: Readonly<Record<string, string>>;
}

type Answer = TargetAnswer | Error;

/** A receiver that keeps what it gets and answers as told. */
export class RecordingTarget extends WebhookTarget {
  readonly posts: ReceivedPost[] = [];
  verifyToken = 'demo-verify-token';
  private readonly planned: Answer[] = [];

  /** The next answers, in this order; 200 after them. */
  answerNext(...answers: Answer[]): void {
    this.planned.push(...answers);
  }

  override async post(body: Uint8Array, headers: Readonly<Record<string, string>>): Promise<TargetAnswer> {
    this.posts.push({ body: Buffer.from(body), headers });
    return this.answer();
  }

  override async handshake(query: Readonly<Record<string, string>>): Promise<TargetAnswer> {
    const right = query['hub.mode'] === 'subscribe' && query['hub.verify_token'] === this.verifyToken;
    return right ? { status: 200, body: query['hub.challenge'] ?? '' } : { status: 403, body: '' };
  }

  private answer(): TargetAnswer {
    const planned = this.planned.shift() ?? { status: 200, body: '' };
    if (planned instanceof Error) throw planned;
    return planned;
  }
}
