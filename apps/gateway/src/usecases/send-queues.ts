import type { Lane, Send } from '../domain/send.js';

/** The sends to one recipient, in order; at most one of them is under way. */
export interface RecipientQueue {
  readonly key: string;
  readonly sends: Send[];
  /** The head is claimed, posted or in doubt. */
  busy: boolean;
  /** Waiting in the ready line of its number. */
  ready: boolean;
  timer?: NodeJS.Timeout;
}

/** Every send this process is responsible for, by recipient and by id. */
export class SendQueues {
  readonly #queues = new Map<string, RecipientQueue>();
  readonly #byId = new Map<string, Send>();
  readonly #counts: Record<Lane, number> = { live: 0, bulk: 0 };

  has(sendId: string): boolean {
    return this.#byId.has(sendId);
  }

  get(sendId: string): Send | undefined {
    return this.#byId.get(sendId);
  }

  /** How many sends of a lane are not final. */
  count(lane: Lane): number {
    return this.#counts[lane];
  }

  /** Whether nothing waits or is under way for the recipient of a send. */
  isIdle(send: Pick<Send, 'lane' | 'recipient'>): boolean {
    return (this.#queues.get(keyOf(send))?.sends.length ?? 0) === 0;
  }

  queueOf(send: Send): RecipientQueue {
    const key = keyOf(send);
    let queue = this.#queues.get(key);
    if (!queue) this.#queues.set(key, (queue = { key, sends: [], busy: false, ready: false }));
    return queue;
  }

  /** Puts a send in its place: by its position on the topic. */
  add(send: Send): RecipientQueue {
    const queue = this.queueOf(send);
    const after = queue.sends.findLastIndex((other) => other.offset <= send.offset);
    queue.sends.splice(Math.max(after + 1, queue.busy ? 1 : 0), 0, send);
    this.#byId.set(send.message.sendId, send);
    this.#counts[send.lane]++;
    return queue;
  }

  remove(send: Send): void {
    const queue = this.queueOf(send);
    const at = queue.sends.indexOf(send);
    if (at >= 0) queue.sends.splice(at, 1);
    if (this.#byId.get(send.message.sendId) === send) {
      this.#byId.delete(send.message.sendId);
      this.#counts[send.lane]--;
    }
    if (queue.sends.length === 0 && !queue.busy) this.#forget(queue);
  }

  /** The sends of these partitions. */
  of(lane: Lane, partitions: readonly number[]): Send[] {
    const wanted = new Set(partitions);
    return [...this.#byId.values()].filter((send) => send.lane === lane && wanted.has(send.partition));
  }

  #forget(queue: RecipientQueue): void {
    clearTimeout(queue.timer);
    if (this.#queues.get(queue.key) === queue) this.#queues.delete(queue.key);
  }
}

function keyOf({ lane, recipient }: Pick<Send, 'lane' | 'recipient'>): string {
  return `${lane}|${recipient}`;
}
