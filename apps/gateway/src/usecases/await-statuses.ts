import { AppError } from '@parley/errors';
import { passing } from '@parley/resilience';
import { createLogger, gauge } from '@parley/telemetry';
import { afterDoubt, type DoubtClock } from '../domain/doubt.js';
import { REASONS } from '../domain/errors.js';
import { isTemplate, type Send, type SendState } from '../domain/send.js';
import type { Clock } from '../ports/clock.port.js';
import type { Sends } from '../ports/sends.port.js';
import type { WriteResults } from './write-results.js';

const log = createLogger('gateway');
const inDoubt = gauge('parley_gateway_sends_in_doubt', 'Sends whose outcome is not known');

/** What waiting for statuses works with. */
export interface AwaitParts {
  sends: Sends;
  results: WriteResults;
  doubt: DoubtClock;
  clock: Clock;
  /** How long a status is waited for (WHATSAPP_IN_DOUBT_WAIT). */
  waitMs: number;
  /** What became of a send. */
  onResolved(send: Send, state: SendState | 'resend' | undefined): void;
}

interface Doubtful {
  send: Send;
  since: number;
  leftBehind: boolean;
  /** How long since then nothing could be heard: the database was away, or this process stood still. */
  deafMs: number;
}

/** Looks that are this many intervals apart have missed some. */
const MISSED = 3;

/**
 * Waits for statuses of sends that may or may not have left. The status may have come to another replica: the table says so.
 * When the wait is over a free-form reply goes once more, anything else goes to a human.
 */
export class AwaitStatuses {
  readonly #doubtful = new Map<string, Doubtful>();
  #timer: NodeJS.Timeout | undefined;
  #lookedAt: number | undefined;
  #looking: Promise<void> | undefined;

  constructor(
    private readonly parts: AwaitParts,
    private readonly everyMs = 500,
  ) {}

  /** Waits for a send; `leftBehind` by an earlier process, or by our own a moment ago. */
  add(send: Send, leftBehind: boolean): void {
    const since = this.parts.clock.now().getTime();
    this.#doubtful.set(send.message.sendId, { send, since, leftBehind, deafMs: 0 });
    inDoubt.set(this.#doubtful.size);
    this.#timer ??= setInterval(() => void this.look(), this.everyMs).unref();
  }

  /** Forgets sends of partitions that are no longer ours. */
  release(which: (send: Send) => boolean): void {
    for (const [id, { send }] of this.#doubtful) if (which(send)) this.#doubtful.delete(id);
    inDoubt.set(this.#doubtful.size);
  }

  /** Statuses came in, here: somebody may be waiting for one of them. */
  statusesReceived(at: Date, sendIds: ReadonlySet<string>): void {
    this.parts.doubt.statusReceived(at.getTime());
    if ([...this.#doubtful.keys()].some((id) => sendIds.has(id))) void this.look();
  }

  /** Looks once, now; never rejects. */
  look(): Promise<void> {
    return (this.#looking ??= this.#look()
      .catch((thrown: unknown) => {
        const error = AppError.from(thrown);
        if (!error.retryable) log.error({ err: error }, 'Sends in doubt could not be looked at');
      })
      .finally(() => (this.#looking = undefined)));
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#doubtful.clear();
    await this.#looking;
  }

  async #look(): Promise<void> {
    if (this.#doubtful.size === 0) {
      this.#lookedAt = undefined;
      return;
    }
    const resolved = await this.parts.sends.resolved([...this.#doubtful.keys()]);
    for (const [id, state] of resolved) this.#finish(id, state);
    const now = this.parts.clock.now().getTime();
    this.#countDeaf(now);
    for (const [id, doubtful] of [...this.#doubtful]) {
      const deadline = this.parts.doubt.deadline(doubtful, this.parts.waitMs) + doubtful.deafMs;
      if (now >= deadline) await this.#giveUp(id, doubtful.send);
    }
  }

  /** The status may have come while nobody could read it: only time in which looks succeed counts as waiting. */
  #countDeaf(now: number): void {
    const gap = now - (this.#lookedAt ?? now);
    this.#lookedAt = now;
    if (gap <= MISSED * this.everyMs) return;
    for (const doubtful of this.#doubtful.values()) doubtful.deafMs += Math.min(gap, now - doubtful.since);
  }

  async #giveUp(id: string, send: Send): Promise<void> {
    const { category, windowUntil } = send.message;
    const known = {
      bulk: send.lane === 'bulk',
      category,
      template: isTemplate(send.message),
      resent: send.resent,
      windowUntil,
    };
    if (afterDoubt(known, this.parts.clock.now()) === 'resend') {
      await passing('gateway.doubt.resending');
      return this.#finish(id, 'resend');
    }
    await passing('gateway.doubt.surrendering');
    log.warn({ sendId: id }, 'A send stayed in doubt; it is for a human');
    const outcome = { state: 'needs-human', reason: REASONS.inDoubt, posted: true } as const;
    this.#finish(id, await this.parts.results.run({ send, outcome }));
  }

  #finish(id: string, state: SendState | 'resend' | undefined): void {
    const doubtful = this.#doubtful.get(id);
    if (!doubtful) return;
    this.#doubtful.delete(id);
    inDoubt.set(this.#doubtful.size);
    // Claimed by somebody else in the meantime: then it is theirs.
    this.parts.onResolved(doubtful.send, state === 'sending' ? undefined : state);
  }
}
