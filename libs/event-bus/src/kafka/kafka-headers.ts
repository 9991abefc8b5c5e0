import type { IHeaders, KafkaMessage } from 'kafkajs';
import type { PreparedRecord, StoredRecord } from '../record-codec.js';

/** CloudEvents, binary mode, as Kafka headers. */
export function toHeaders(record: Omit<PreparedRecord, 'topic' | 'key' | 'value'>): Record<string, string> {
  const headers: Record<string, string> = {
    ce_specversion: '1.0',
    ce_id: record.id,
    ce_type: record.type,
    ce_source: record.source,
    ce_time: textOf(record.time),
    'content-type': 'application/protobuf',
  };
  if (record.traceparent) headers['traceparent'] = record.traceparent;
  return headers;
}

// Records that are written together have one time, and its text takes longer than all their other headers.
let last = { time: new Date(0), text: new Date(0).toISOString() };

function textOf(time: Date): string {
  if (time !== last.time) last = { time, text: time.toISOString() };
  return last.text;
}

/** A header's text, or undefined. */
export function header(headers: IHeaders | undefined, name: string): string | undefined {
  const value = headers?.[name];
  return Array.isArray(value) ? value[0]?.toString() : value?.toString();
}

/** The opposite of `toHeaders`; what a foreign producer left out is filled in. */
export function fromHeaders(
  headers: IHeaders | undefined,
  fallback: { id: string; time: Date },
): Omit<PreparedRecord, 'topic' | 'key' | 'value'> {
  const time = new Date(header(headers, 'ce_time') ?? Number.NaN);
  return {
    id: header(headers, 'ce_id') ?? fallback.id,
    type: header(headers, 'ce_type') ?? '',
    source: header(headers, 'ce_source') ?? '',
    time: Number.isNaN(time.getTime()) ? fallback.time : time,
    traceparent: header(headers, 'traceparent'),
  };
}

/** A Kafka message as the workers take it. */
export function toStored(topic: string, partition: number, message: KafkaMessage): StoredRecord {
  const { offset, headers } = message;
  const key = message.key?.toString() ?? '';
  const value = message.value ?? Buffer.alloc(0);
  const attributes = fromHeaders(headers, {
    id: `${topic}/${partition}/${offset}`,
    time: new Date(Number(message.timestamp)),
  });
  return { topic, partition, offset: BigInt(offset), key, value, ...attributes };
}
