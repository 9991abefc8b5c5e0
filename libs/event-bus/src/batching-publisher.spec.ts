import { AppError } from '@parley/errors';
import { BatchingPublisher } from './batching-publisher.js';
import { refused } from './errors.js';
import type { OutgoingRecord, Topic } from './event-bus.js';
import { InMemoryEventBus } from './in-memory/in-memory-bus.js';

const topic: Topic<string> = {
  name: 'test',
  type: 'test.Text',
  encrypted: false,
  encode: (text) => Buffer.from(text),
  decode: (bytes) => Buffer.from(bytes).toString(),
};

const record = (value: string, key = 'k'): OutgoingRecord => ({
  topic,
  key,
  value,
  id: value,
});

/** A bus whose acknowledgements the test gives. */
class SlowBus extends InMemoryEventBus {
  readonly calls: { ids: string[]; acknowledge(): void; fail(error: AppError): void }[] = [];

  #open = false;

  /** Acknowledges everything from now on. */
  open(): void {
    this.#open = true;
    for (const { acknowledge } of this.calls) acknowledge();
  }

  override publish(records: OutgoingRecord[]): Promise<void> {
    if (this.#open) return super.publish(records);
    return new Promise((resolve, fail) => {
      const acknowledge = (): void => resolve(super.publish(records));
      this.calls.push({ ids: records.map(({ id }) => id), acknowledge, fail });
    });
  }
}

describe('BatchingPublisher', () => {
  it('sends what comes at the same time in one batch', async () => {
    const bus = new SlowBus();
    const publisher = new BatchingPublisher(bus, { lanes: 1 });
    const all = Promise.all([publisher.publish([record('a')]), publisher.publish([record('b'), record('c')])]);
    const flushed = publisher.flush();
    expect(bus.calls.map(({ ids }) => ids)).toEqual([['a', 'b', 'c']]);
    bus.calls[0]?.acknowledge();
    await all;
    await flushed;
    expect((await bus.published(topic)).map(({ value }) => value)).toEqual(['a', 'b', 'c']);
  });

  it('keeps the order of a key: its next batch waits for the acknowledgement of the one before', async () => {
    const bus = new SlowBus();
    const publisher = new BatchingPublisher(bus, { lanes: 3, maxRecords: 1 });
    const first = publisher.publish([record('1')]);
    const second = publisher.publish([record('2')]);
    expect(bus.calls).toHaveLength(1);
    bus.calls[0]?.acknowledge();
    await first;
    expect(bus.calls.map(({ ids }) => ids)).toEqual([['1'], ['2']]);
    bus.calls[1]?.acknowledge();
    await second;
  });

  it('sends other keys meanwhile', async () => {
    const bus = new SlowBus();
    const publisher = new BatchingPublisher(bus, { maxRecords: 1 });
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) void publisher.publish([record(key, key)]);
    expect(bus.calls).toHaveLength(3);
    expect(publisher.waiting).toBe(8);
    bus.open();
    await publisher.close();
    expect(publisher.waiting).toBe(0);
  });

  it('sends little in one batch, whatever its keys, and much in several beside each other', async () => {
    const bus = new SlowBus();
    const publisher = new BatchingPublisher(bus);
    const some = (from: number, count: number): OutgoingRecord[] =>
      Array.from({ length: count }, (_, n) => record(`${from + n}`, `key ${from + n}`));
    void publisher.publish(some(0, 20));
    void publisher.flush();
    expect(bus.calls.map(({ ids }) => ids.length)).toEqual([20]);
    bus.calls[0]?.acknowledge();
    await new Promise(setImmediate);
    void publisher.publish(some(100, 200));
    void publisher.flush();
    const lengths = bus.calls.slice(1).map(({ ids }) => ids.length);
    expect(lengths).toHaveLength(3);
    expect(lengths.reduce((sum, length) => sum + length)).toBe(200);
    bus.open();
    await publisher.close();
  });

  it('keeps back what nobody waits for until there is something to send it with', async () => {
    const bus = new SlowBus();
    const publisher = new BatchingPublisher(bus, { patienceMs: 60_000 });
    const patient = publisher.publish([record('later')], { patient: true });
    await new Promise(setImmediate);
    expect(bus.calls).toHaveLength(0);
    const urgent = publisher.publish([record('now', 'other')]);
    await new Promise(setImmediate);
    expect(bus.calls.map(({ ids }) => ids)).toEqual([['later', 'now']]);
    bus.calls[0]?.acknowledge();
    await Promise.all([patient, urgent]);
  });

  it('waits for company no longer than until there is enough of it', async () => {
    const bus = new SlowBus();
    const publisher = new BatchingPublisher(bus, { maxWaitMs: 60_000 });
    const calls = Array.from({ length: 23 }, (_, n) => publisher.publish([record(`${n}`, `key ${n}`)]));
    await new Promise(setImmediate);
    expect(bus.calls).toHaveLength(0);
    calls.push(publisher.publish([record('23', 'key 23')]), publisher.publish([record('24', 'key 24')]));
    await new Promise(setImmediate);
    expect(bus.calls.map(({ ids }) => ids.length)).toEqual([25]);
    bus.open();
    await Promise.all(calls);
    await publisher.close();
  });

  it('sends what nobody waits for by itself when nothing else comes', async () => {
    const bus = new InMemoryEventBus();
    const publisher = new BatchingPublisher(bus, { patienceMs: 1 });
    await publisher.publish([record('a')], { patient: true });
    expect(await bus.published(topic)).toHaveLength(1);
  });

  it('splits at the limit of bytes', async () => {
    const bus = new SlowBus();
    const publisher = new BatchingPublisher(bus, { lanes: 1, maxBytes: 10 });
    void publisher.publish([record('123456'), record('abcdef'), record('x')]);
    expect(bus.calls.map(({ ids }) => ids)).toEqual([['123456']]);
    bus.calls[0]?.acknowledge();
    const flushed = publisher.flush();
    await new Promise(setImmediate);
    expect(bus.calls[1]?.ids).toEqual(['abcdef', 'x']);
    bus.open();
    await flushed;
  });

  it('refuses at once when too many wait', async () => {
    const bus = new SlowBus();
    const publisher = new BatchingPublisher(bus, { maxWaiting: 2 });
    void publisher.publish([record('a')]);
    void publisher.publish([record('b')]);
    const error = { code: 'RESOURCE_EXHAUSTED', reason: 'BUS.BACKLOG' };
    await expect(publisher.publish([record('c')])).rejects.toMatchObject(error);
    bus.open();
    await publisher.close();
  });

  it('gives up on what is not acknowledged in time, and does not send what still waits', async () => {
    const bus = new SlowBus();
    const publisher = new BatchingPublisher(bus, { lanes: 1, maxRecords: 1, timeoutMs: 5 });
    const error = { code: 'UNAVAILABLE', reason: 'BUS.UNACKNOWLEDGED' };
    const sent = publisher.publish([record('a')]);
    const waiting = publisher.publish([record('b')]);
    await expect(sent).rejects.toMatchObject(error);
    await expect(waiting).rejects.toMatchObject(error);
    bus.calls[0]?.acknowledge();
    await publisher.flush();
    expect(bus.calls).toHaveLength(1);
  });

  it('fails only the call whose record was refused', async () => {
    const bus = new SlowBus();
    const publisher = new BatchingPublisher(bus, { lanes: 1 });
    const good = publisher.publish([record('a')]);
    const bad = publisher.publish([record('b')]);
    const flushed = publisher.flush();
    bus.calls[0]?.fail(refused([1]));
    await expect(good).resolves.toBeUndefined();
    await expect(bad).rejects.toMatchObject({ reason: 'BUS.REFUSED' });
    await flushed;
  });

  it('flushes when it closes, and takes no more', async () => {
    const bus = new InMemoryEventBus();
    const publisher = new BatchingPublisher(bus, { maxWaitMs: 60_000 });
    const sent = publisher.publish([record('a')]);
    await publisher.close();
    await sent;
    expect(await bus.published(topic)).toHaveLength(1);
    await expect(publisher.publish([record('b')])).rejects.toMatchObject({ reason: 'BUS.CLOSED' });
  });
});
