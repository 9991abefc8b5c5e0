import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger, gauge } from '@parley/telemetry';
import { ChannelStop, type ProbePauses, type StopSource } from '../domain/channel-stop.js';
import type { NumberSlot } from '../domain/number-slot.js';
import type { Clock } from '../ports/clock.port.js';
import type { NumberLease, NumberLeases } from '../ports/number-leases.port.js';

const log = createLogger('gateway');
const stopped = gauge('parley_gateway_channel_stopped', 'Whether the channel of a number is stopped', [
  'phone_number_id',
]);

const PROBE_MS: ProbePauses = { first: 5000, most: 300_000 };
/** When others hold the near future of a number. */
const BUSY_MS = 50;
/** How long before its end a slice that is in use is followed by the next. */
const AHEAD_MS = 40;

/** Whether and how fast messages may leave from one number. */
export class NumberRate {
  #slot: NumberSlot | undefined;
  #next: NumberSlot | undefined;
  #leasing: Promise<void> | undefined;
  #pausedUntil = 0;
  #stop: ChannelStop | undefined;
  /** The latest moment at which a message is known to have got through. */
  #reachedAt = 0;

  constructor(
    readonly phoneNumberId: string,
    readonly perSecond: number,
    private readonly leases: NumberLeases,
    private readonly clock: Clock,
    private readonly probeMs = PROBE_MS,
  ) {}

  /** Stable reason why nothing leaves; empty when the channel runs. */
  get stoppedReason(): string {
    return this.#stop?.reason ?? '';
  }

  /** Takes the right to send one message now. */
  take(): boolean {
    const now = this.clock.now().getTime();
    if (this.#stop?.isOver(now)) this.#resume();
    if (now < this.#pausedUntil || (this.#stop && now < this.#stop.probeAt)) return false;
    if (!this.#slot || this.#slot.isOver(now)) {
      this.#slot = this.#next;
      this.#next = undefined;
    }
    if (!this.#slot?.take(now)) return false;
    // A stopped channel is probed by one message at a time.
    if (this.#stop) this.#stop.probe(now);
    else if (this.#slot.endsWithin(AHEAD_MS, now)) void this.#lease();
    return true;
  }

  /** Makes sure a slice is at hand, or on its way; for callers that will `take` soon. */
  async prepare(): Promise<void> {
    const now = this.clock.now().getTime();
    if ([this.#slot, this.#next].some((slot) => slot && !slot.isOver(now))) return;
    await this.#lease();
  }

  /** Resolves when `take` may succeed; never rejects. */
  async wait(signal: AbortSignal): Promise<void> {
    const now = this.clock.now().getTime();
    const blockedUntil = Math.max(this.#pausedUntil, this.#stop?.probeAt ?? 0);
    if (blockedUntil > now) return nap(Math.min(blockedUntil - now, 1000), signal);
    const current = this.#slot && !this.#slot.isOver(now) ? this.#slot : this.#next;
    if (current && !current.isOver(now)) return nap(current.waitFor(now), signal);
    await this.#lease();
    if (!this.#next) await nap(BUSY_MS, signal);
  }

  /** Nothing leaves for a while: Meta said it is too fast. */
  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.clock.now().getTime() + ms);
  }

  /**
   * Stops the channel until a probe goes through: token expired, account locked, payment missing. Resolves when the others were
   * told, or could not be; never rejects.
   */
  async stop(reason: string, source: StopSource = 'answer'): Promise<void> {
    const now = this.clock.now().getTime();
    if (this.#stop?.reason === reason) this.#stop.refused(now);
    else this.#stop = this.#stopped(reason, source, now);
    if (!this.#stop.reported) await this.#report(reason, this.#stop);
  }

  /** What took its turn at this moment was accepted. */
  accepted(takenAt: number): void {
    if (this.#stop?.accepted(takenAt)) this.#resume();
  }

  /** A status says that a message failed at this moment for a reason that stops the channel. */
  failed(reason: string, at: number): void {
    // Old news: something got through since.
    if (at >= this.#reachedAt) void this.stop(reason, 'status');
  }

  /** A status says that a message got through at this moment. */
  reached(at: number): void {
    this.#reachedAt = Math.max(this.#reachedAt, at);
    if (this.#stop?.endsBy(at)) this.#resume();
  }

  #stopped(reason: string, source: StopSource, since: number): ChannelStop {
    log.error({ phoneNumberId: this.phoneNumberId, reason }, 'The channel of a number is stopped; its queue is kept');
    stopped.set({ phone_number_id: this.phoneNumberId }, 1);
    return new ChannelStop(reason, source, since, this.probeMs);
  }

  #resume(tell = true): void {
    this.#stop = undefined;
    log.info({ phoneNumberId: this.phoneNumberId }, 'The channel of a number runs again');
    stopped.set({ phone_number_id: this.phoneNumberId }, 0);
    if (tell) void this.#report('');
  }

  async #report(reason: string, stop?: ChannelStop): Promise<void> {
    try {
      await this.leases.report(this.phoneNumberId, reason);
      if (stop) stop.reported = true;
    } catch (thrown) {
      log.warn({ err: thrown }, 'The state of a number could not be written');
    }
  }

  #lease(): Promise<void> {
    return (this.#leasing ??= this.#leaseOnce().finally(() => (this.#leasing = undefined)));
  }

  async #leaseOnce(): Promise<void> {
    if (this.#next && !this.#next.isOver(this.clock.now().getTime())) return;
    const known = this.#stop?.reported ? this.#stop : undefined;
    // Away or taken: the caller waits and asks again, so there is nothing to say here.
    const lease = await this.leases.lease(this.phoneNumberId, this.perSecond).catch(() => undefined);
    if (!lease?.slot) return;
    this.#next = lease.slot;
    this.#hear(lease, known);
  }

  /** What others say of the number: that it is stopped, or runs again. `known` is what was written before they were asked. */
  #hear({ stoppedReason, stoppedForMs }: NumberLease, known: ChannelStop | undefined): void {
    if (stoppedReason && !this.#stop) {
      this.#stop = this.#stopped(stoppedReason, 'elsewhere', this.clock.now().getTime() - stoppedForMs);
    } else if (stoppedReason === '' && known && known === this.#stop) this.#resume(false);
  }
}

async function nap(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
