import { randomUUID } from 'node:crypto';
import { eventually } from '@parley/testing';
import type { Tx } from '@parley/postgres';
import type { Batch, EventBus, OutgoingRecord, SubscribeOptions, Subscription, Topic } from './event-bus.js';

/** What the contract needs of an engine. */
export interface BusSubject {
  /** Another bus on the same log, as another process has it. */
  open(): Promise<EventBus>;
  /** A transaction of the database that `append` writes to. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Values of contract topics; `bad` ones do not decode. */
export function textTopic(name = `contract.${randomUUID()}`): Topic<string> {
  const decode = (bytes: Uint8Array): string => {
    const text = Buffer.from(bytes).toString();
    if (text.startsWith('undecodable')) throw new Error('Does not decode.');
    return text;
  };
  return { name, type: 'parley.test.v1.Text', encrypted: true, encode: (text) => Buffer.from(text), decode };
}

/** Records with values `0`, `1`, ... and ids like them; the key of each is what `keyOf` says. */
export function records(
  topic: Topic<string>,
  values: readonly string[],
  keyOf = (_: number): string => 'k',
): OutgoingRecord[] {
  return values.map((value, index) => ({ topic, key: keyOf(index), value, id: value }));
}

/** `count` values from `from` on. */
export function numbers(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, index) => String(from + index));
}

interface Seen {
  key: string;
  value: string;
  partition: number;
}

/** A consumer that writes down what it gets; `intercept` runs first and may throw. */
export class Recorder {
  readonly seen: Seen[] = [];
  readonly batches: number[] = [];
  readonly assigned = new Set<number>();
  readonly dead: { id: string; reason: string }[] = [];
  intercept: (batch: Batch<string>) => Promise<void> | void = () => undefined;
  subscription: Subscription | undefined;

  constructor(
    readonly topic: Topic<string>,
    readonly group = 'contract',
  ) {}

  async start(bus: EventBus, more: Partial<SubscribeOptions<string>> = {}): Promise<this> {
    const { group, topic } = this;
    this.subscription = await bus.subscribe({
      group,
      topic,
      handle: async (batch) => {
        this.batches.push(batch.records.length);
        await this.intercept(batch);
        this.seen.push(...batch.records.map(({ key, value, partition }) => ({ key, value, partition })));
      },
      onAssigned: async (partitions) => partitions.forEach((partition) => this.assigned.add(partition)),
      onRevoked: async (partitions) => partitions.forEach((partition) => this.assigned.delete(partition)),
      onDeadLetter: async ({ id }, reason) => void this.dead.push({ id, reason }),
      ...more,
    });
    return this;
  }

  /** Values in the order seen, repeats left out. */
  get values(): string[] {
    return [...new Set(this.seen.map(({ value }) => value))];
  }

  /** Resolves when exactly these values have been seen, in this order per key. */
  async sees(expected: readonly OutgoingRecord[], timeoutMs = 30_000): Promise<void> {
    const wanted = new Set(expected.map(({ value }) => value));
    await eventually(() => expect(new Set(this.seen.map(({ value }) => value)).size).toBe(wanted.size), { timeoutMs });
    expect(byKey(this.seen)).toEqual(byKey(expected as unknown as Seen[]));
  }
}

/** First occurrences per key, in order. */
export function byKey(seen: readonly { key: string; value: string }[]): Record<string, string[]> {
  const keys: Record<string, Set<string>> = {};
  for (const { key, value } of seen) (keys[key] ??= new Set()).add(value);
  return Object.fromEntries(
    Object.keys(keys)
      .sort()
      .map((key) => [key, [...(keys[key] ?? [])]]),
  );
}

/** A door that handlers wait at until the test opens it. */
export class Gate {
  #open: () => void = () => undefined;
  readonly opened = new Promise<void>((resolve) => (this.#open = resolve));
  waiting = 0;

  open(): void {
    this.#open();
  }

  async pass(): Promise<void> {
    this.waiting++;
    await this.opened;
  }
}
