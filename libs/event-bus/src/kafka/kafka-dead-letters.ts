import { randomUUID } from 'node:crypto';
import { AppError, notFound } from '@parley/errors';
import type { Admin, IHeaders, Kafka, KafkaMessage } from 'kafkajs';
import type { Failure } from '../claim.js';
import type { DeadLetter, DeadLetterContent, DeadLetters, Unsendable } from '../dead-letters.js';
import { partitionOf } from '../partitioner.js';
import type { PreparedRecord, RecordCodec, StoredRecord } from '../record-codec.js';
import { deadLetterTopic, topicsByName } from '../topics.js';
import { header, toStored } from './kafka-headers.js';
import type { KafkaTopics } from './kafka-topics.js';
import type { Placed } from './kafka-writer.js';
import { readToEnd } from './read-to-end.js';

interface Entry extends DeadLetter {
  stored: StoredRecord;
  /** Topic whose keys sealed the value; absent when in the clear. */
  sealed?: string;
}

/** What the dead letters need of their bus. */
export interface DeadLetterHost {
  kafka: Kafka;
  admin(): Promise<Admin>;
  topics: KafkaTopics;
  codec: RecordCodec;
  write(records: Placed[]): Promise<void>;
}

const MARK = 'dlq_replayed';

function toEntry(topic: string, message: KafkaMessage, partition: number): Entry {
  const stored = toStored(topic, partition, message);
  const text = (name: string): string | undefined => header(message.headers, `dlq_${name}`);
  const offset = text('offset');
  return {
    id: text('id') ?? `${topic}/${stored.id}`,
    topic,
    group: text('group') ?? '',
    partition: offset ? Number(text('partition')) : undefined,
    offset: offset ? BigInt(offset) : undefined,
    key: stored.key,
    recordId: stored.id,
    time: stored.time,
    at: new Date(Number(message.timestamp)),
    reason: text('reason') ?? '',
    attempts: Number(text('attempts') ?? 0),
    traceparent: stored.traceparent,
    sealed: text('sealed') || undefined,
    stored,
  };
}

/** Dead letters on Kafka: records of `<topic>.dlq`, the original's bytes and attributes with headers that say what happened. */
export class KafkaDeadLetters implements DeadLetters {
  constructor(private readonly host: DeadLetterHost) {}

  /** Writes a record that a group gave up. Written twice after a crash, it is still one entry: the id says where it was. */
  async add(record: StoredRecord, where: { group: string; encrypted: boolean }, failure: Failure): Promise<void> {
    const { topic, partition, offset } = record;
    const { sealed, value } = await this.#reseal(topic, where.encrypted, record.value);
    const { reason } = failure.error;
    const id = `${topic}/${partition}/${offset}/${where.group}`;
    const headers = {
      partition: String(partition),
      offset: String(offset),
      group: where.group,
      attempts: String(failure.attempts),
    };
    await this.#put({ ...record, value }, { ...headers, id, reason, sealed });
  }

  async keep(entries: Unsendable[]): Promise<void> {
    for (const { topic, key, id, value, reason } of entries) {
      const secret = topicsByName.get(topic)?.encrypted ?? true;
      const own = deadLetterTopic(topic);
      const record = { topic, key: this.host.codec.keyOf(key), id, type: '', source: '', time: new Date() };
      const sealed = await this.host.codec.seal(own, secret, value);
      await this.#put({ ...record, value: sealed }, { id: `${topic}/${id}`, reason, sealed: secret ? own : '' });
    }
  }

  async list(topic?: string, limit = 1000): Promise<DeadLetter[]> {
    const entries = [...(await this.#read(topic)).values()];
    entries.sort((a, b) => b.at.getTime() - a.at.getTime() || (a.id < b.id ? -1 : 1));
    return entries.slice(0, limit).map(({ stored: _, sealed: __, ...letter }) => letter);
  }

  async show(id: string): Promise<DeadLetterContent> {
    const entry = (await this.#read(id.slice(0, id.indexOf('/')))).get(id);
    if (!entry) throw notFound('BUS.NO_DEAD_LETTER', 'There is no such dead letter.');
    const { stored: _, sealed: __, ...letter } = entry;
    return { ...letter, value: await this.#open(entry).catch(() => undefined) };
  }

  async replay(which: { id: string } | { topic: string }): Promise<number> {
    const topic = 'id' in which ? which.id.slice(0, which.id.indexOf('/')) : which.topic;
    const entries = await this.#read(topic);
    if ('id' in which && !entries.has(which.id)) throw notFound('BUS.NO_DEAD_LETTER', 'There is no such dead letter.');
    const wanted = [...entries.values()].filter(
      (entry) => entry.group !== '' && ('id' in which ? entry.id === which.id : !entry.replayedAt),
    );
    wanted.sort((a, b) => a.time.getTime() - b.time.getTime() || Number((a.offset ?? 0n) - (b.offset ?? 0n)));
    if (wanted.length === 0) return 0;
    const partitions = (await this.host.topics.partitions([topic])).get(topic) ?? 1;
    const again = wanted.map(async (entry): Promise<Placed> => {
      const value = await this.host.codec.seal(topic, entry.sealed !== undefined, await this.#open(entry));
      return { ...entry.stored, topic, value, partition: partitionOf(entry.key, partitions) };
    });
    await this.host.write(await Promise.all(again));
    for (const { stored, id } of wanted) await this.#put({ ...stored, topic, value: Buffer.alloc(0) }, { id }, MARK);
    return wanted.length;
  }

  async #put(record: PreparedRecord, about: Record<string, string>, mark?: string): Promise<void> {
    const topic = deadLetterTopic(record.topic);
    const partitions = (await this.host.topics.partitions([topic])).get(topic) ?? 1;
    const named = Object.entries(about).map(([name, value]) => [`dlq_${name}`, value]);
    const headers = Object.fromEntries(mark ? [...named, [mark, new Date().toISOString()]] : named) as Record<
      string,
      string
    >;
    await this.host.write([{ ...record, topic, partition: partitionOf(record.key, partitions), headers }]);
  }

  async #read(topic?: string): Promise<Map<string, Entry>> {
    const existing = new Set(await (await this.host.admin()).listTopics());
    const wanted = topic === undefined ? [...topicsByName.keys()] : [topic];
    const present = wanted.filter((name) => existing.has(deadLetterTopic(name)));
    const entries = new Map<string, Entry>();
    const marks: IHeaders[] = [];
    await readToEnd(
      this.host,
      present.map(deadLetterTopic),
      `parley-dlq-${randomUUID()}`,
      (from, partition, message) => {
        if (header(message.headers, MARK)) return void marks.push(message.headers ?? {});
        const entry = toEntry(from.slice(0, -'.dlq'.length), message, partition);
        entries.set(entry.id, entry);
      },
    );
    for (const mark of marks) {
      const entry = entries.get(header(mark, 'dlq_id') ?? '');
      if (entry) entry.replayedAt = new Date(header(mark, MARK) ?? '');
    }
    return entries;
  }

  #open({ sealed, stored }: Entry): Promise<Buffer> {
    return this.host.codec.plain(sealed ?? '', sealed !== undefined, stored.value);
  }

  // Dead letters outlive their topic's keys (30 days against 8), so they get keys of their own. What does not open stays as it is.
  async #reseal(topic: string, encrypted: boolean, value: Buffer): Promise<{ sealed: string; value: Buffer }> {
    if (!encrypted) return { sealed: '', value };
    try {
      const plain = await this.host.codec.plain(topic, true, value);
      const own = deadLetterTopic(topic);
      return { sealed: own, value: await this.host.codec.seal(own, true, plain) };
    } catch (thrown) {
      if (AppError.from(thrown).retryable) throw thrown;
      return { sealed: topic, value };
    }
  }
}
