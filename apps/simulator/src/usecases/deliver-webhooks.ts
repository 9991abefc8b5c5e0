import { Lanes } from '../domain/lanes.js';
import { Ring } from '../domain/ring.js';
import { encodeBody, signBody } from '../domain/signature.js';
import { buildEnvelope, type WebhookItem } from '../domain/webhook-envelope.js';
import type { World } from '../domain/world.js';
import type { Clock } from '../ports/clock.port.js';
import type { WebhookTarget } from '../ports/webhook-target.port.js';

/** One try to deliver one POST. */
export interface Delivery {
  at: string;
  items: string[];
  attempt: number;
  /** HTTP status of the answer; absent when none came. */
  status?: number;
}

interface Parcel {
  item: WebhookItem;
  /** Called once, when the item has been answered with 200 or given up. */
  settled: (delivered: boolean) => void;
}

const IN_FLIGHT = 32;
// How long items are collected when shuffling or batching is on and nobody said how long.
const HOLD_MS = 100;
const MAX_WAITING = 100_000;
const DELIVERIES_KEPT = 2_000;

/** Meta as the sender of webhooks: signs, batches, duplicates, shuffles, delays, and repeats until it hears 200. */
export class DeliverWebhooks {
  readonly deliveries = new Ring<Delivery>(DELIVERIES_KEPT);
  private lanes = new Lanes<Parcel>();
  private held: Parcel[] = [];
  private holding: (() => void) | undefined;
  private inFlight = 0;
  private copies = 0;
  private lost = 0;

  constructor(
    private readonly world: World,
    private readonly target: WebhookTarget,
    private readonly clock: Clock,
    private readonly appSecret: string,
  ) {}

  get state(): { waiting: number; in_flight: number; held: number; lost: number } {
    return { waiting: this.lanes.size, in_flight: this.inFlight, held: this.held.length, lost: this.lost };
  }

  /** Takes an item on; resolves when its last copy is delivered (true), or dropped or given up (false). */
  async send(item: WebhookItem, options: { copies?: number } = {}): Promise<boolean> {
    const { drop, duplicates } = this.world.faults.behaviour.webhooks;
    if (this.world.random.chance(drop)) return false;
    if (this.lanes.size + this.held.length >= MAX_WAITING) {
      this.lost += 1;
      return false;
    }
    const copies = Math.max(options.copies ?? 1, this.world.random.between(1, duplicates));
    const all = Array.from({ length: copies }, (_, index) => this.accept(item, index));
    return (await Promise.all(all)).some(Boolean);
  }

  /** Delivers what waits, after `paused` or other settings have changed. */
  resume(): void {
    this.pump();
  }

  /** Forgets all that waits; what is in flight arrives but is not repeated. To be called with the world's reset. */
  clear(): void {
    this.holding?.();
    this.holding = undefined;
    this.held = [];
    this.lanes = new Lanes<Parcel>();
    this.deliveries.clear();
    this.lost = 0;
  }

  sign(body: Uint8Array): string {
    return signBody(body, this.appSecret);
  }

  private accept(item: WebhookItem, copy: number): Promise<boolean> {
    const { delay_ms: delay } = this.world.faults.behaviour.webhooks;
    // A copy goes its own way: it is what Meta sends when it has not noticed that the first one arrived.
    this.copies += copy > 0 ? 1 : 0;
    const own = copy > 0 ? { ...item, lane: `${item.lane}#${this.copies}` } : item;
    return new Promise((settled) => {
      const parcel = { item: own, settled };
      const wait = this.world.random.between(delay.min, delay.max);
      const { epoch } = this.world;
      if (wait > 0) this.clock.after(wait, () => (epoch === this.world.epoch ? this.hold(parcel) : settled(false)));
      else this.hold(parcel);
    });
  }

  private hold(parcel: Parcel): void {
    const { hold_ms: asked, batch, shuffle } = this.world.faults.behaviour.webhooks;
    const holdMs = asked > 0 ? asked : shuffle || batch > 1 ? HOLD_MS : 0;
    if (holdMs === 0) {
      this.enqueue(parcel);
      this.pump();
      return;
    }
    this.held.push(parcel);
    if (batch > 1 && this.held.length >= batch) this.letGo();
    else this.holding ??= this.clock.after(holdMs, () => this.letGo());
  }

  private letGo(): void {
    this.holding?.();
    this.holding = undefined;
    const held = this.world.faults.behaviour.webhooks.shuffle ? this.world.random.shuffled(this.held) : this.held;
    this.held = [];
    for (const parcel of held) this.enqueue(parcel);
    this.pump();
  }

  private enqueue(parcel: Parcel): void {
    const { order, shuffle } = this.world.faults.behaviour.webhooks;
    this.copies += 1;
    const lane = shuffle || order === 'none' ? `#${this.copies}` : order === 'global' ? '' : parcel.item.lane;
    this.lanes.add(lane, parcel);
  }

  private pump(): void {
    const { paused, batch } = this.world.faults.behaviour.webhooks;
    while (!paused && this.inFlight < IN_FLIGHT) {
      const { items, lanes } = this.lanes.take(batch);
      if (items.length === 0) return;
      this.inFlight += 1;
      const since = this.clock.now();
      void this.attempt({ parcels: items, lanes, from: this.lanes, attempt: 1, since, epoch: this.world.epoch });
    }
  }

  private async attempt(post: Post): Promise<void> {
    const { signature } = this.world.faults.behaviour.webhooks;
    const body = encodeBody(buildEnvelope(post.parcels.map(({ item }) => item), this.world.business)); // prettier-ignore
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (signature === 'valid') headers['x-hub-signature-256'] = this.sign(body);
    if (signature === 'wrong') headers['x-hub-signature-256'] = signBody(body, 'somebody-else');
    // No answer is an answer like any other here: not a 200, so it is tried again.
    const status = await this.target.post(body, headers).then((answer) => answer.status, () => undefined); // prettier-ignore
    if (post.epoch !== this.world.epoch) return this.finish(post, status === 200);
    const items = post.parcels.map(({ item }) => item.label);
    this.deliveries.push({ at: new Date(this.clock.now()).toISOString(), items, attempt: post.attempt, status });
    if (status === 200) return this.finish(post, true);
    this.retryLater(post);
  }

  private retryLater(post: Post): void {
    const { retry_ms: first, retry_max_ms: most, give_up_ms: giveUp, order } = this.world.faults.behaviour.webhooks;
    const wait = Math.min(most, first * 2 ** (post.attempt - 1));
    if (this.clock.now() + wait - post.since > giveUp) {
      this.lost += post.parcels.length;
      return this.finish(post, false);
    }
    // Where order does not matter the lanes need not wait for the repetition; nor may it fill the room for others.
    if (order === 'none') post.from.release(post.lanes);
    this.inFlight -= 1;
    this.clock.after(wait, () => {
      this.inFlight += 1;
      if (post.epoch === this.world.epoch) void this.attempt({ ...post, attempt: post.attempt + 1 });
      else this.finish(post, false);
    });
    this.pump();
  }

  private finish(post: Post, delivered: boolean): void {
    this.inFlight -= 1;
    post.from.release(post.lanes);
    for (const { settled } of post.parcels) settled(delivered);
    this.pump();
  }
}

interface Post {
  parcels: Parcel[];
  lanes: string[];
  /** Where the lanes belong; a reset puts new ones in their place. */
  from: Lanes<Parcel>;
  attempt: number;
  since: number;
  epoch: number;
}
