import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@parley/errors';
import { passing } from '@parley/resilience';
import { createLogger } from '@parley/telemetry';
import { BulkPace } from '../domain/bulk-pace.js';
import type { PairLimit } from '../domain/pair-limit.js';
import type { Lane, Send, SendState } from '../domain/send.js';
import type { Clock } from '../ports/clock.port.js';
import type { Sends } from '../ports/sends.port.js';
import { ActiveSends } from './active-sends.js';
import type { NumberRate } from './number-rate.js';
import type { PostSend } from './post-send.js';
import { SendQueues, type RecipientQueue } from './send-queues.js';
import type { WriteResults } from './write-results.js';

const log = createLogger('gateway');
/** A claim is one transaction; a campaign's are short, since live ones share the database. */
const MAX_CLAIM: Record<Lane, number> = { live: 64, bulk: 8 };
/** How soon a campaign looks again whether a live message still waits. */
const BEHIND_LIVE_MS = 20;
const CLAIM_RETRY_MS = 250;

/** What the dispatcher works with. */
export interface DispatchParts {
  sends: Sends;
  post: PostSend;
  results: WriteResults;
  pairs: PairLimit;
  rates: ReadonlyMap<string, NumberRate>;
  /** Bulk messages a second from a number while customers are being answered from it. */
  bulkBesideLive: number;
  clock: Clock;
  /** A send is in doubt (left behind by somebody, or our own); it blocks its recipient until `resolve`. */
  onDoubt(send: Send, leftBehind: boolean): void;
}

/** A number, and who is next to leave from it. */
interface Line extends Record<Lane, RecipientQueue[]> {
  rate: NumberRate;
  pace: BulkPace;
  running: Record<Lane, boolean>;
}

/**
 * Lets sends leave: in order per recipient, no faster than the number and the pair may. Each lane of a number goes by itself, and
 * bulk takes only what live leaves of the number's rate.
 */
export class DispatchSends {
  readonly queues = new SendQueues();
  readonly #lines: Map<string, Line>;
  readonly #active = new ActiveSends();
  /** Sends in doubt that may go once more. */
  readonly #again = new WeakSet<Send>();
  /** When a send took its turn: it leaves a transaction later, whatever is heard of the number meanwhile. */
  readonly #takenAt = new WeakMap<Send, number>();
  readonly #stop = new AbortController();

  constructor(private readonly parts: DispatchParts) {
    const line = (rate: NumberRate): Line => {
      const pace = new BulkPace(rate.perSecond, parts.bulkBesideLive);
      return { rate, pace, live: [], bulk: [], running: { live: false, bulk: false } };
    };
    this.#lines = new Map([...parts.rates].map(([id, rate]) => [id, line(rate)]));
  }

  /** Whether a send may leave right now, before all others; takes its share of the number's time if so. */
  takeNow(send: Send): boolean {
    const line = this.#lineOf(send);
    if (!line || send.lane === 'bulk' || this.#stop.signal.aborted || this.#active.isFull('live')) return false;
    if (line.live.length > 0 || !this.queues.isIdle(send) || this.#pairWait(send) > 0) return false;
    return this.#take(line, send);
  }

  /** Posts a send that was claimed as it was written. */
  start(send: Send): void {
    const queue = this.queues.add(send);
    queue.busy = true;
    this.#post(queue, send);
  }

  /** Takes a send over that is to leave when its turn comes. */
  enqueue(send: Send): void {
    const queue = this.queues.add(send);
    if (send.state === 'in-doubt') {
      queue.busy = true;
      // In doubt means posted: it is the first of its recipient, whatever else was found.
      queue.sends.splice(queue.sends.indexOf(send), 1);
      queue.sends.unshift(send);
      this.parts.onDoubt(send, true);
    } else this.#schedule(queue);
  }

  /** What became of a send in doubt: it is over, it may go again, or nothing is known (`undefined`) and it is somebody else's. */
  resolve(send: Send, state: SendState | 'resend' | undefined): void {
    const queue = this.queues.queueOf(send);
    if (state === 'resend') {
      send.resent = true;
      this.#again.add(send);
      queue.busy = false;
      this.#schedule(queue);
    } else this.#after(queue, send, state);
  }

  /** Forgets partitions that are no longer ours; resolves when nothing of them is under way. */
  async release(lane: Lane, partitions: readonly number[]): Promise<void> {
    this.#forget(lane, partitions);
    await this.#active.idle((send) => send.lane === lane && partitions.includes(send.partition));
    // What was under way and is to go again goes from its next owner.
    this.#forget(lane, partitions);
  }

  #forget(lane: Lane, partitions: readonly number[]): void {
    for (const send of this.queues.of(lane, partitions)) {
      if (this.#active.has(send)) continue;
      const queue = this.queues.queueOf(send);
      // A head in doubt is nobody's business here any more; its queue must be free when the partition comes back.
      if (queue.sends[0] === send) queue.busy = false;
      this.queues.remove(send);
    }
  }

  /** Lets nothing more leave; resolves when all answers are written. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#active.idle(() => true);
  }

  #lineOf(send: Send): Line | undefined {
    return this.#lines.get(send.message.recipient?.phoneNumberId ?? '');
  }

  #pairWait(send: Send): number {
    return this.parts.pairs.waitFor(send.recipient, this.parts.clock.now().getTime());
  }

  #schedule(queue: RecipientQueue): void {
    const [head] = queue.sends;
    if (!head || queue.busy || queue.ready || (head.state === 'in-doubt' && !this.#again.has(head))) return;
    const wait = Math.max(head.notBefore - this.parts.clock.now().getTime(), this.#pairWait(head));
    clearTimeout(queue.timer);
    if (wait > 0) {
      queue.timer = setTimeout(() => this.#schedule(queue), Math.min(wait, 60_000)).unref();
      return;
    }
    const line = this.#lineOf(head);
    if (!line) return;
    queue.ready = true;
    line[head.lane].push(queue);
    void this.#run(line, head.lane);
  }

  async #run(line: Line, lane: Lane): Promise<void> {
    if (line.running[lane]) return;
    line.running[lane] = true;
    const { signal } = this.#stop;
    while (!signal.aborted && line[lane].length > 0) {
      if (this.#active.isFull(lane)) await this.#active.change();
      else if (!(await this.#claimSome(line, lane))) await this.#rest(line, lane, signal);
    }
    line.running[lane] = false;
  }

  /** Until it is worth asking again. */
  #rest({ rate, pace, live }: Line, lane: Lane, signal: AbortSignal): Promise<void> {
    const behind = lane === 'live' || live.length === 0 ? 0 : BEHIND_LIVE_MS;
    const wait = lane === 'live' ? 0 : Math.max(behind, pace.waitFor(this.parts.clock.now().getTime()));
    return wait > 0 ? sleep(wait, undefined, { signal }).catch(() => undefined) : rate.wait(signal);
  }

  /** Takes the right to let one send leave now. */
  #take({ rate, pace, live }: Line, send: Send): boolean {
    const now = this.parts.clock.now().getTime();
    const isBulk = send.lane === 'bulk';
    if (isBulk && (live.length > 0 || pace.waitFor(now) > 0)) return false;
    if (!rate.take()) return false;
    if (isBulk) pace.spend(now);
    else pace.live(now);
    this.#takenAt.set(send, now);
    return true;
  }

  /** Claims as many sends as may leave now; false when none may. */
  async #claimSome(line: Line, lane: Lane): Promise<boolean> {
    const picked: [RecipientQueue, Send][] = [];
    while (picked.length < MAX_CLAIM[lane] && !this.#active.isFull(lane)) {
      const [queue] = line[lane];
      if (!queue) break;
      // Emptied, or blocked by a send in doubt, since it lined up: it lines up again when it is free.
      const head = queue.busy ? undefined : queue.sends[0];
      if (head && !this.#take(line, head)) break;
      line[lane].shift();
      queue.ready = false;
      if (!head) continue;
      queue.busy = true;
      this.#active.add(head);
      picked.push([queue, head]);
    }
    if (picked.length > 0) await this.#claim(picked);
    return picked.length > 0;
  }

  async #claim(picked: [RecipientQueue, Send][]): Promise<void> {
    const some = (again: boolean): Send[] =>
      picked.flatMap(([, send]) => ((send.state === 'in-doubt') === again ? [send] : []));
    try {
      await passing('gateway.claim.starting');
      const [first, again] = [some(false), some(true)];
      const claimed = first.length > 0 ? await this.parts.sends.claim(first, false) : new Set<string>();
      if (again.length > 0) for (const id of await this.parts.sends.claim(again, true)) claimed.add(id);
      for (const [queue, send] of picked) {
        this.#active.delete(send);
        if (claimed.has(send.message.sendId)) {
          send.attempts++;
          this.#post(queue, send);
        } else this.#after(queue, send, undefined);
      }
    } catch (thrown) {
      const error = AppError.from(thrown);
      if (!error.retryable) log.error({ err: error }, 'Sends could not be claimed');
      // It may have committed unheard. Nothing was posted, and the next claim gets what this one got.
      await sleep(CLAIM_RETRY_MS);
      for (const [queue, send] of picked) {
        this.#active.delete(send);
        queue.busy = false;
        this.#schedule(queue);
      }
    }
    this.#active.notify();
  }

  #post(queue: RecipientQueue, send: Send): void {
    this.#active.add(send);
    send.state = 'sending';
    this.parts.pairs.spend(send.recipient, this.parts.clock.now().getTime());
    void this.#postAndWrite(send)
      .catch((err: unknown): SendState => {
        // Nobody knows how far it got; what is in doubt waits for a status.
        log.error({ err, sendId: send.message.sendId }, 'A send failed in an unforeseen way');
        return 'in-doubt';
      })
      .then((state) => {
        this.#active.delete(send);
        this.#after(queue, send, state);
        this.#active.notify();
      });
  }

  async #postAndWrite(send: Send): Promise<SendState | undefined> {
    const { outcome, result, stopNumber, pauseNumberMs } = await this.parts.post.run(send);
    const rate = this.#lineOf(send)?.rate;
    // Before the send may go again, from here or from its next owner.
    if (stopNumber !== undefined) await rate?.stop(stopNumber);
    else if (outcome.state === 'settled') rate?.accepted(this.#takenAt.get(send) ?? 0);
    if (pauseNumberMs !== undefined) rate?.pause(pauseNumberMs);
    const state = await this.parts.results.run(result);
    const unposted = 'posted' in outcome && !outcome.posted;
    if (unposted) send.attempts--;
    send.unsent = unposted ? send.unsent + 1 : 0;
    send.notBefore = 'retryAt' in outcome ? outcome.retryAt.getTime() : 0;
    return state;
  }

  /** Puts a send where its state says. */
  #after(queue: RecipientQueue, send: Send, state: SendState | undefined): void {
    if (state === 'in-doubt') {
      send.state = state;
      this.parts.onDoubt(send, false);
      return;
    }
    queue.busy = false;
    if (state === 'waiting' || state === 'queued') send.state = state;
    else this.queues.remove(send);
    this.#schedule(queue);
  }
}
