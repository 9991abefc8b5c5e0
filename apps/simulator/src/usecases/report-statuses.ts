import { statusError } from '../domain/graph-errors.js';
import { statusOf, type AcceptedSend, type StatusName } from '../domain/statuses.js';
import type { WebhookItem } from '../domain/webhook-envelope.js';
import type { World } from '../domain/world.js';
import type { Clock } from '../ports/clock.port.js';
import type { DeliverWebhooks } from './deliver-webhooks.js';

/** Why a message that was accepted does not arrive. */
export interface Failure {
  code: number;
  details?: string;
}

// How long an answer waits for statuses that are to arrive before it: a receiver that does not take them must not block it.
const BEFORE_ANSWER_MS = 5_000;

/** Tells the business what became of a send: sent, delivered, read, or failed. */
export class ReportStatuses {
  constructor(
    private readonly world: World,
    private readonly webhooks: DeliverWebhooks,
    private readonly clock: Clock,
  ) {}

  /** Schedules the reports; resolves at once, or (by fault) when they have been delivered. */
  async run(send: AcceptedSend, failure?: Failure): Promise<void> {
    const { statuses } = this.world.faults.behaviour;
    const plan = failure ? [{ status: 'failed' as const, ms: statuses.sent_ms }] : this.plan();
    const order = statuses.shuffle ? this.world.random.shuffled(plan) : plan;
    const reports = order.map(({ status, ms }) => {
      const delay = this.world.random.between(statuses.delay_ms.min, statuses.delay_ms.max);
      const wait = statuses.before_answer || statuses.shuffle ? delay : ms + delay;
      return this.later(wait, () => this.report(send, status, failure));
    });
    if (!statuses.before_answer) return;
    let giveUp = (): void => undefined;
    const patience = new Promise<void>((resolve) => {
      giveUp = this.clock.after(BEFORE_ANSWER_MS, resolve);
    });
    await Promise.race([Promise.all(reports), patience]);
    giveUp();
  }

  private plan(): { status: StatusName; ms: number }[] {
    const { upto, sent_ms: sent, delivered_ms: delivered, read_ms: read } = this.world.faults.behaviour.statuses;
    const all = [
      { status: 'sent' as const, ms: sent },
      { status: 'delivered' as const, ms: delivered },
      { status: 'read' as const, ms: read },
    ];
    return all.slice(0, ['none', 'sent', 'delivered', 'read'].indexOf(upto));
  }

  private later(ms: number, work: () => Promise<unknown>): Promise<unknown> {
    if (ms === 0) return work();
    const { epoch } = this.world;
    return new Promise((resolve) =>
      this.clock.after(ms, () => resolve(epoch === this.world.epoch ? work() : undefined)),
    );
  }

  private async report(send: AcceptedSend, status: StatusName, failure?: Failure): Promise<unknown> {
    const errors = failure ? [statusError(failure.code, failure.details)] : undefined;
    this.tick(send, status, errors);
    const { drop, duplicates } = this.world.faults.behaviour.statuses;
    if (this.world.random.chance(drop)) return undefined;
    const hidePhone = this.world.hidesPhone(send.customer);
    const item: WebhookItem = {
      kind: 'status',
      lane: send.customer?.waId ?? send.input,
      label: `${send.wamid} ${status}`,
      numberId: send.numberId,
      content: statusOf(send, status, this.clock.now(), { hidePhone, errors }),
    };
    return this.webhooks.send(item, { copies: this.world.random.between(1, duplicates) });
  }

  private tick(send: AcceptedSend, status: StatusName, errors?: ReturnType<typeof statusError>[]): void {
    const waId = send.customer?.waId;
    const entry = waId && this.world.chats.tick(waId, send.wamid, status, errors);
    if (waId && entry) this.world.feed.tell({ type: 'entry', waId, entry });
  }
}
