import { passing, pause } from '@parley/resilience';
import type { Claim, Suspicion } from './claim.js';
import type { Consumer } from './delivery.js';
import { HandOver, type MovePositions } from './hand-over.js';
import { PartitionWorker } from './partition-worker.js';

/** A partition that the engine says is ours. */
export interface Assigned {
  partition: number;
  /** Grows with every change of hands. */
  epoch: bigint;
  committed: bigint;
  suspicion?: Suspicion;
  /** False when another member waits for it. */
  keep: boolean;
}

/** What an engine does for a member's partitions. */
export interface PartitionHost {
  claim(assigned: Assigned): Claim;
  /** Moves positions inside the effect's transaction, where the engine can; see `Claim.transactional`. */
  movePositions: MovePositions;
  /** Gives a partition back cleanly. A failure is not an end: the lease runs out. */
  release(partition: number, epoch: bigint): Promise<void>;
  onRoom(): void;
  /** A partition turned out to be lost. */
  onLost(): void;
  /** A partition has been given back: it may be assigned anew. */
  onEnded?(partition: number): void;
}

interface Held<M> {
  epoch: bigint;
  /** Absent until `onAssigned` has resolved. */
  worker?: PartitionWorker<M>;
  starting: AbortController;
  ending?: Promise<void>;
}

/** The partitions one member holds: starts and stops their workers as the engine assigns them. */
export class PartitionSet<M> {
  readonly #held = new Map<number, Held<M>>();
  readonly #ended = new Map<number, bigint>();
  readonly #handOver: HandOver<M>;
  #closed = false;

  constructor(
    private readonly consumer: Consumer<M>,
    private readonly host: PartitionHost,
  ) {
    this.#handOver = new HandOver(consumer, (tx, moves) => host.movePositions(tx, moves));
  }

  /** Workers that take records. */
  get workers(): PartitionWorker<M>[] {
    return [...this.#held.values()].flatMap(({ worker, ending }) => (worker && !ending ? [worker] : []));
  }

  /** Whether some partition waits for a dependency. */
  get paused(): boolean {
    return this.workers.some((worker) => worker.paused);
  }

  /** Partitions held, those being started or given back included. */
  get partitions(): number[] {
    return [...this.#held.keys()];
  }

  /** Makes what is held what the engine says. Starts and stops go on in the background. */
  apply(assignment: readonly Assigned[]): void {
    if (this.#closed) return;
    const ours = new Map(assignment.map((one) => [one.partition, one]));
    for (const [partition, held] of this.#held) {
      const now = ours.get(partition);
      if (now?.epoch === held.epoch && now.keep) continue;
      const lost = now?.epoch !== held.epoch;
      held.ending ??= this.#end(partition, held, lost);
    }
    const fresh = assignment.filter((one) => this.#isFresh(one));
    if (fresh.length > 0) void this.#start(fresh);
  }

  /** Lets batches in hand finish and gives everything back. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const [partition, held] of this.#held) held.ending ??= this.#end(partition, held, false);
    await Promise.all([...this.#held.values()].map(async ({ ending }) => ending));
  }

  #isFresh({ partition, epoch, keep }: Assigned): boolean {
    // What was decided before a partition was given back may be read after it.
    return keep && !this.#held.has(partition) && epoch > (this.#ended.get(partition) ?? -1n);
  }

  async #start(fresh: readonly Assigned[]): Promise<void> {
    const started = fresh.map((assigned) => {
      const held: Held<M> = { epoch: assigned.epoch, starting: new AbortController() };
      this.#held.set(assigned.partition, held);
      return { assigned, held };
    });
    const partitions = fresh.map(({ partition }) => partition);
    const stillWanted = (): boolean => started.some(({ held }) => !held.starting.signal.aborted);
    while (!(await this.#told('onAssigned', partitions)) && stillWanted()) await pause(500);
    await passing('event-bus.partition.starting');
    for (const { assigned, held } of started) {
      if (held.starting.signal.aborted) continue;
      const events = { onRoom: () => this.host.onRoom(), onLost: () => this.#lost(assigned.partition, held) };
      const claim = this.host.claim(assigned);
      held.worker = new PartitionWorker(this.consumer, claim, this.#handOver, assigned.committed, events);
    }
    this.host.onRoom();
  }

  #lost(partition: number, held: Held<M>): void {
    held.ending ??= this.#end(partition, held, true);
    this.host.onLost();
  }

  async #end(partition: number, held: Held<M>, lost: boolean): Promise<void> {
    held.starting.abort();
    await (lost ? held.worker?.abandon() : held.worker?.stop());
    await this.#told('onRevoked', [partition]);
    await passing('event-bus.partition.ending');
    // Given back after a worker failed, too: release names the epoch, and does nothing when that is over.
    await this.host.release(partition, held.epoch).catch(() => undefined);
    this.#ended.set(partition, held.epoch);
    this.#held.delete(partition);
    this.host.onEnded?.(partition);
  }

  async #told(callback: 'onAssigned' | 'onRevoked', partitions: number[]): Promise<boolean> {
    try {
      await this.consumer.options[callback]?.(partitions);
      return true;
    } catch (thrown) {
      const { group, topic } = this.consumer.options;
      this.consumer.logger.warn({ err: thrown, group, topic: topic.name }, 'A hand-over callback failed');
      return false;
    }
  }
}
