import { crc32c } from './crc32c.js';

/** A record as kafkajs hands it over to be encoded. */
export interface ProduceMessage {
  key?: string | Buffer | null;
  value: string | Buffer | null;
  headers?: Record<string, string | Buffer>;
  /** Milliseconds, as text. */
  timestamp?: string;
}

/** What kafkajs asks to be written, all in one request. */
export interface ProduceArguments {
  acks: number;
  timeout: number;
  transactionalId?: string | null;
  producerId?: { value: bigint } | bigint | number;
  producerEpoch?: number;
  topicData: { topic: string; partitions: ProducePartition[] }[];
}

interface ProducePartition {
  partition: number;
  firstSequence?: number;
  messages: readonly ProduceMessage[];
}

/** What stands before the records of a batch: 12 bytes before its length counts, 9 before its checksum counts. */
const OFFSET_AND_LENGTH = 12;
const UNCHECKED = 9;
const MAGIC = 2;
const TRANSACTIONAL = 16;
/** A length of up to 2^31 takes five bytes; it is known when what it counts is written. */
const LONGEST_LENGTH = 5;
/** Room for numbers and lengths of one record without headers, of one header, and of one batch with its partition. */
const ROOM = { record: 40, header: 10, batch: 80 };

const size = (part: string | Buffer | null | undefined): number =>
  typeof part === 'string' ? part.length * 3 : (part?.length ?? 0);

/** An upper bound of what a request takes, so that it is written into one piece of memory. */
function roomFor({ transactionalId, topicData }: ProduceArguments): number {
  let room = 32 + size(transactionalId);
  for (const { topic, partitions } of topicData) {
    room += 10 + size(topic);
    for (const { messages } of partitions) {
      room += ROOM.batch;
      for (const { key, value, headers = {} } of messages) {
        room += ROOM.record + size(key) + size(value);
        for (const name in headers) room += ROOM.header + size(name) + size(headers[name]);
      }
    }
  }
  return room;
}

/** Bytes written one after the other. */
class Bytes {
  readonly buffer: Buffer;
  at = 0;

  constructor(room: number) {
    this.buffer = Buffer.allocUnsafe(room);
  }

  int8(value: number): void {
    this.at = this.buffer.writeInt8(value, this.at);
  }

  int16(value: number): void {
    this.at = this.buffer.writeInt16BE(value, this.at);
  }

  int32(value: number): void {
    this.at = this.buffer.writeInt32BE(value, this.at);
  }

  int64(value: bigint): void {
    this.at = this.buffer.writeBigInt64BE(value, this.at);
  }

  /** A text with its length in two bytes; -1 for none. */
  text(value: string | null | undefined): void {
    if (value === null || value === undefined) return this.int16(-1);
    const length = this.buffer.write(value, this.at + 2, 'utf8');
    this.int16(length);
    this.at += length;
  }

  /** A number in as few bytes as it needs, its sign in the lowest bit. */
  varint(value: number): void {
    const { buffer } = this;
    let rest = value >= 0 ? value * 2 : value * -2 - 1;
    for (; rest >= 128; rest = Math.floor(rest / 128)) buffer[this.at++] = (rest % 128) | 128;
    buffer[this.at++] = rest;
  }

  /** Bytes or text with their length; -1 for none. */
  part(value: string | Buffer | null | undefined): void {
    if (value === null || value === undefined) return this.varint(-1);
    if (typeof value !== 'string') {
      this.varint(value.length);
      this.buffer.set(value, this.at);
      this.at += value.length;
      return;
    }
    this.#string(value);
  }

  /** Sign by sign: for the short ASCII that keys and headers are, it takes half the time of a call out of JavaScript. */
  #string(value: string): void {
    const { buffer, at } = this;
    this.varint(value.length);
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index);
      if (code > 127) {
        this.at = at;
        return this.part(Buffer.from(value));
      }
      buffer[this.at++] = code;
    }
  }

  /** What `write` writes, with its length in front. */
  counted(write: () => void): void {
    const begin = this.at;
    this.at += LONGEST_LENGTH;
    write();
    const end = this.at;
    this.at = begin;
    this.varint(end - begin - LONGEST_LENGTH);
    this.buffer.copyWithin(this.at, begin + LONGEST_LENGTH, end);
    this.at += end - begin - LONGEST_LENGTH;
  }
}

function writeRecord(bytes: Bytes, { key, value, headers = {} }: ProduceMessage, place: number, delta: number): void {
  bytes.counted(() => {
    bytes.int8(0);
    bytes.varint(delta);
    bytes.varint(place);
    bytes.part(key);
    bytes.part(value);
    const names = Object.keys(headers);
    bytes.varint(names.length);
    for (const name of names) {
      bytes.part(name);
      bytes.part(headers[name]);
    }
  });
}

/** A record batch (magic 2, uncompressed) with the partition it is for. */
function writeBatch(bytes: Bytes, { partition, messages, firstSequence = 0 }: ProducePartition, all: Producer): void {
  const times = messages.map(({ timestamp }) => (timestamp ? Number(timestamp) : all.now));
  const first = times.reduce((least, time) => Math.min(least, time), Number.MAX_SAFE_INTEGER);
  const last = times.reduce((most, time) => Math.max(most, time), 0);
  bytes.int32(partition);
  const begin = bytes.at + 4;
  bytes.at = begin + OFFSET_AND_LENGTH + UNCHECKED;
  bytes.int16(all.transactional ? TRANSACTIONAL : 0);
  bytes.int32(messages.length - 1);
  bytes.int64(BigInt(first));
  bytes.int64(BigInt(last));
  bytes.int64(all.id);
  bytes.int16(all.epoch);
  bytes.int32(firstSequence);
  bytes.int32(messages.length);
  messages.forEach((message, place) => writeRecord(bytes, message, place, (times[place] ?? first) - first));
  const end = bytes.at;
  bytes.at = begin - 4;
  bytes.int32(end - begin);
  bytes.int64(0n);
  bytes.int32(end - begin - OFFSET_AND_LENGTH);
  bytes.int32(0);
  bytes.int8(MAGIC);
  bytes.int32(crc32c(bytes.buffer, begin + OFFSET_AND_LENGTH + UNCHECKED, end) | 0);
  bytes.at = end;
}

interface Producer {
  id: bigint;
  epoch: number;
  transactional: boolean;
  now: number;
}

function idOf(producerId: ProduceArguments['producerId'] = -1): bigint {
  return BigInt(typeof producerId === 'object' ? producerId.value : producerId);
}

/**
 * The body of a Produce request (versions 3 to 7), uncompressed, in one piece of memory. kafkajs makes several objects and
 * copies for each header of each record, which took more of the gateway's time than everything else about a webhook.
 */
export function encodeProduce(request: ProduceArguments): Buffer {
  const { acks, timeout, transactionalId, producerEpoch = 0, topicData } = request;
  const all = { id: idOf(request.producerId), epoch: producerEpoch, transactional: !!transactionalId, now: Date.now() };
  const bytes = new Bytes(roomFor(request));
  bytes.text(transactionalId);
  bytes.int16(acks);
  bytes.int32(timeout);
  bytes.int32(topicData.length);
  for (const { topic, partitions } of topicData) {
    bytes.text(topic);
    bytes.int32(partitions.length);
    for (const partition of partitions) writeBatch(bytes, partition, all);
  }
  return bytes.buffer.subarray(0, bytes.at);
}
