import type { Tx } from '@parley/postgres';
import type { DeadLetters } from './dead-letters.js';

/** A topic and its codec. Producers and consumers name an entry of `topics`, never a string. */
export interface Topic<M> {
  readonly name: string;
  /** CloudEvents type (`ce_type`): the full name of the protobuf message. */
  readonly type: string;
  encode(message: M): Uint8Array;
  /** @throws anything when the bytes are not such a message */
  decode(bytes: Uint8Array): M;
  /** Whether values carry content of a person and lie encrypted in the log. */
  readonly encrypted: boolean;
  /** Whether a customer waits for what becomes of a record: only then its readers are told of it, at once. */
  readonly urgent?: boolean;
}

/** A record to be written. Records of one key keep their order. */
export interface OutgoingRecord<M = unknown> {
  topic: Topic<M>;
  /** `contactKey` of the payload, wherever a person is concerned. */
  key: string;
  value: M;
  /** What `value` encodes to, where that is known already. */
  encoded?: Uint8Array;
  /** CloudEvents id (`ce_id`); consumers dedupe by it. */
  id: string;
  /** W3C trace context of this record; the current span's when absent. */
  traceparent?: string;
}

/** A record as a handler gets it. */
export interface ReceivedRecord<M> {
  topic: string;
  partition: number;
  offset: bigint;
  key: string;
  id: string;
  /** When it was produced. */
  time: Date;
  value: M;
  /** The consumer span of this record: parent of everything done about it. */
  traceparent?: string;
}

/**
 * Consecutive records of one partition, or of several with `acrossPartitions`; the next batch of those partitions comes only after
 * this one is settled.
 */
export interface Batch<M> {
  topic: string;
  records: ReceivedRecord<M>[];
  /** Aborts when the partition is being handed over or the bus closes: finish soon, nothing more will be asked. */
  signal: AbortSignal;
  /**
   * Commits the position after this batch in the effect's own transaction; call it last, before `append`. On Kafka the
   * position is committed after the handler, and this only checks that the partition is still ours.
   * The transaction fails with AppError ABORTED `BUS.OLD_EPOCH` when somebody else owns the partition by now.
   */
  commitIn(tx: Tx): Promise<void>;
}

/** What a consumer group does with a topic. */
export interface SubscribeOptions<M> {
  /** Members of one group share the partitions; every group sees every record. */
  group: string;
  topic: Topic<M>;
  /** Most records handed over at a time; default 500. */
  maxRecords?: number;
  /**
   * Nobody waits for what the handler does: records come together for so many milliseconds before they are handed over, so
   * that there are few batches. Default: each record is handed over as soon as it is there.
   */
  patienceMs?: number;
  /**
   * Hands over what several partitions have ready as one batch: one transaction instead of one for each. Should it fail, each
   * partition is handed over by itself. A handler that takes long keeps those partitions waiting that came with it. Default: a
   * batch is of one partition.
   */
  acrossPartitions?: boolean;
  /**
   * Handles one batch; batches of different partitions run concurrently. A retryable AppError pauses the partition and
   * tries again without limit; any other throw halves the batch until the culprit is alone, which is dead-lettered.
   */
  handle(batch: Batch<M>): Promise<void>;
  /** Awaited before the first record of these partitions is handed over. */
  onAssigned?(partitions: number[]): Promise<void>;
  /** Called when these partitions are no longer ours. */
  onRevoked?(partitions: number[]): Promise<void>;
  /** Awaited before a record is dead-lettered; a throw that is retryable is tried again. `value` is absent when it does not decode. */
  onDeadLetter?(record: DeadRecord<M>, reason: string): Promise<void>;
}

/** A record about to be dead-lettered. */
export type DeadRecord<M> = Omit<ReceivedRecord<M>, 'value'> & { value?: M };

/** A running consumer. */
export interface Subscription {
  /** Lets the batches in hand finish, hands the partitions over at once and stops. */
  close(): Promise<void>;
  /** Whether some partition is waiting for a dependency to come back. */
  paused(): boolean;
}

/** The log between the services: durable, partitioned, ordered per key, at least once. */
export abstract class EventBus {
  /** Lists, shows and replays what no consumer could handle. */
  abstract readonly deadLetters: DeadLetters;

  /**
   * Writes records in the order given; resolves when all of them are durable.
   * @throws AppError UNAVAILABLE `BUS.UNACKNOWLEDGED` when that is not known within 5 s, INVALID_ARGUMENT `BUS.REFUSED` for a record that will never fit
   */
  abstract publish(records: OutgoingRecord[]): Promise<void>;

  /**
   * Which of so many lanes the records of a key belong to: always the same, and where topics have as many partitions as they
   * were made with, records of one partition share a lane, so that batches of different lanes never wait for each other.
   */
  abstract laneOf(key: string, lanes: number): number;

  /**
   * Writes records inside a transaction: visible when it commits, absent when it rolls back. Must be its last statement
   * and at most one per transaction, because it holds locks until the commit.
   */
  abstract append(tx: Tx, records: OutgoingRecord[]): Promise<void>;

  /** Starts consuming. A group that is new starts at the oldest record kept. */
  abstract subscribe<M>(options: SubscribeOptions<M>): Promise<Subscription>;

  /** Resolves when records can be written; rejects when the engine is away. For readiness checks. */
  abstract ready(): Promise<void>;

  /** Closes subscriptions (letting batches in hand finish) and everything else this bus opened; not the database. */
  abstract close(): Promise<void>;
}
