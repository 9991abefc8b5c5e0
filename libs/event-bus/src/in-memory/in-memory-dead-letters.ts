import { notFound } from '@parley/errors';
import type { DeadLetterContent, DeadLetter, DeadLetters, Unsendable } from '../dead-letters.js';
import type { StoredRecord } from '../record-codec.js';
import type { InMemoryLog } from './in-memory-log.js';

interface Entry extends DeadLetterContent {
  record?: StoredRecord;
}

/** Dead letters of an in-memory bus. */
export class InMemoryDeadLetters implements DeadLetters {
  readonly #entries = new Map<string, Entry>();

  constructor(private readonly log: InMemoryLog) {}

  add(record: StoredRecord, group: string, reason: string, attempts: number): void {
    const { topic, partition, offset, key, time, traceparent, value } = record;
    const id = `${topic}/${partition}/${offset}/${group}`;
    const where = { id, topic, group, partition, offset, key, recordId: record.id };
    this.#entries.set(id, { ...where, time, at: new Date(), reason, attempts, traceparent, value, record });
  }

  async list(topic?: string, limit = 1000): Promise<DeadLetter[]> {
    const wanted = [...this.#entries.values()].filter((entry) => !topic || entry.topic === topic);
    return wanted.reverse().slice(0, limit);
  }

  async show(id: string): Promise<DeadLetterContent> {
    const entry = this.#entries.get(id);
    if (!entry) throw notFound('BUS.NO_DEAD_LETTER', 'There is no such dead letter.');
    return entry;
  }

  async replay(which: { id: string } | { topic: string }): Promise<number> {
    const chosen = [...this.#entries.values()].filter((entry) =>
      'id' in which ? entry.id === which.id : entry.topic === which.topic && !entry.replayedAt,
    );
    if ('id' in which && chosen.length === 0) throw notFound('BUS.NO_DEAD_LETTER', 'There is no such dead letter.');
    const records = chosen.flatMap(({ record }) => record ?? []);
    this.log.append(records);
    for (const entry of chosen) entry.replayedAt = new Date();
    return records.length;
  }

  async keep(entries: Unsendable[]): Promise<void> {
    for (const { topic, key, id, value, reason } of entries) {
      const now = new Date();
      const entry = { id: `${topic}/${id}`, topic, group: '', key, recordId: id, time: now, at: now };
      this.#entries.set(entry.id, { ...entry, reason, attempts: 0, value });
    }
  }
}
