import { setImmediate as nextTurn } from 'node:timers/promises';
import { passing } from '@parley/resilience';

/** A position as kafkajs takes it. */
interface Position {
  topic: string;
  partition: number;
  offset: string;
}

/** Sends positions to the group's coordinator; resolves when it has them. */
export type SendPositions = (positions: Position[]) => Promise<void>;

/** Commits the positions of one member: those that come up in one turn of the event loop go in one request. */
export class KafkaPositions {
  #gathering: { positions: Map<number, bigint>; sent: Promise<void> } | undefined;

  constructor(
    private readonly topic: string,
    private readonly send: SendPositions,
  ) {}

  /** Makes `next` the group's position in a partition. Rejects as `send` does. */
  commit(partition: number, next: bigint): Promise<void> {
    this.#gathering ??= { positions: new Map(), sent: this.#sendSoon() };
    this.#gathering.positions.set(partition, next);
    return this.#gathering.sent;
  }

  async #sendSoon(): Promise<void> {
    await nextTurn();
    const positions = this.#gathering?.positions ?? new Map<number, bigint>();
    this.#gathering = undefined;
    await passing('event-bus.kafka.committing');
    const { topic } = this;
    await this.send([...positions].map(([partition, next]) => ({ topic, partition, offset: String(next) })));
    await passing('event-bus.kafka.committed');
  }
}
