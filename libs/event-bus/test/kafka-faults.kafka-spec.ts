import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '@parley/postgres';
import { eventually, freePort, type TestDatabase } from '@parley/testing';
import { numbers, Recorder, records, textTopic } from '../src/contract-kit.contract.js';
import { BatchingPublisher, createEventBus, type EventBus, type KafkaOptions, type Topic } from '../src/index.js';
import { startBroker, type TestBroker } from './broker.js';
import { common, FrailDatabase, logDatabase } from './subject.js';

const LONG = 120_000;

describe('The Kafka adapter', () => {
  let test: TestDatabase;
  let broker: TestBroker;
  let folder: string;
  let port: number;
  let kafka: KafkaOptions;
  let topic: Topic<string>;
  const open: EventBus[] = [];

  const bus = (database: Database = test.database('alpha')): EventBus => {
    const made = createEventBus({ ...common, database, kafka });
    open.push(made);
    return made;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-kafka-'));
    port = await freePort();
    broker = await startBroker({ port, dataDir: folder });
    kafka = { brokers: [broker.brokers], ssl: false, partitions: 6, replication: 0 };
    test = await logDatabase();
  }, LONG);
  afterAll(async () => {
    await test?.close();
    await broker?.stop();
    await rm(folder, { recursive: true, force: true });
  }, LONG);
  beforeEach(() => {
    topic = textTopic();
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
  }, LONG);

  it(
    'relays what transactions appended, in the order of their commits, one relay at a time',
    async () => {
      const [database, other] = [test.database('alpha'), test.database('alpha')];
      const [one, two] = [bus(database), bus(other)];
      const recorder = await new Recorder(topic).start(bus());
      const all = records(topic, numbers(400), (index) => `k${index % 7}`);
      for (let at = 0; at < all.length; at += 4) {
        const [writer, db] = at % 8 ? [one, database] : [two, other];
        await db.transaction((tx) => writer.append(tx, all.slice(at, at + 4)));
      }
      await recorder.sees(all);
      await eventually(async () => expect(await database.query('select 1 from outbox')).toEqual([]));
      expect(recorder.seen).toHaveLength(all.length);
    },
    LONG,
  );

  it(
    'relays after a restart what an earlier process left behind',
    async () => {
      const database = test.database('alpha');
      const first = bus(database);
      await first.ready();
      await first.close();
      // The relay of this bus is over; its outbox is not.
      await database.transaction((tx) => first.append(tx, records(topic, ['left behind'])));
      const recorder = await new Recorder(topic).start(bus());
      await recorder.sees(records(topic, ['left behind']));
    },
    LONG,
  );

  it(
    'writes the others when one record is refused for its size',
    async () => {
      const one = bus();
      const recorder = await new Recorder(topic).start(one);
      const huge = 'x'.repeat(9_000_000);
      const error = { reason: 'BUS.REFUSED', details: { indexes: '1' } };
      await expect(one.publish(records(topic, ['a', huge, 'b']))).rejects.toMatchObject(error);
      await recorder.sees(records(topic, ['a', 'b']));
      const publisher = new BatchingPublisher(one);
      const calls = ['c', huge, 'd'].map((value) => publisher.publish(records(topic, [value])));
      const results = await Promise.allSettled(calls);
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      await recorder.sees(records(topic, ['a', 'b', 'c', 'd']));
      await publisher.close();
    },
    LONG,
  );

  it(
    'takes large batches in requests that brokers take',
    async () => {
      const one = bus();
      const recorder = await new Recorder(topic).start(one);
      const all = records(
        topic,
        numbers(60).map((value) => value.padEnd(100_000, '.')),
      );
      await one.publish(all);
      await recorder.sees(all);
    },
    LONG,
  );

  it(
    'goes on publishing while Postgres is away',
    async () => {
      const database = new FrailDatabase(test.adminUrl);
      const one = bus(database);
      await one.publish(records(topic, ['before']));
      database.lose('everything');
      await one.publish(records(topic, ['meanwhile']));
      const recorder = await new Recorder(topic).start(bus());
      await recorder.sees(records(topic, ['before', 'meanwhile']));
      await database.close();
    },
    LONG,
  );

  it(
    'tries a batch record by record after three crashes, and gives up the one that is in hand at three more',
    async () => {
      await bus().publish(records(topic, numbers(5)));
      const batches: string[][] = [];
      for (let crash = 0; crash < 6; crash++) {
        const database = new FrailDatabase(test.adminUrl);
        const dying = createEventBus({ ...common, database, kafka });
        const recorder = new Recorder(topic);
        const inHand = new Promise<void>((crashing) => {
          recorder.intercept = (batch) => {
            batches.push(batch.records.map(({ value }) => value));
            if (!batch.records.some(({ value }) => value === '2')) return undefined;
            crashing();
            return new Promise((_, reject) =>
              batch.signal.addEventListener('abort', () => reject(new Error('killed'))),
            );
          };
        });
        await recorder.start(dying);
        await inHand;
        // Closing what cannot say goodbye to Postgres looks like a crash to the next.
        database.lose('everything');
        await dying.close();
        await database.close();
      }
      expect(batches).toEqual([numbers(5), numbers(5), numbers(5), ['0'], ['1'], ['2'], ['2'], ['2']]);
      const survivor = bus();
      const recorder = await new Recorder(topic).start(survivor);
      await recorder.sees(records(topic, ['3', '4']));
      await eventually(async () => {
        expect(await survivor.deadLetters.list(topic.name)).toMatchObject([{ recordId: '2', reason: 'BUS.CRASHED' }]);
      });
    },
    LONG,
  );

  it(
    'loses nothing of what was fetched ahead when a partition changes hands and comes back',
    async () => {
      const [first, second] = [bus(), bus()];
      const seen = new Set<string>();
      const recorder = (): Recorder => {
        const made = new Recorder(topic);
        made.intercept = (batch) => void batch.records.forEach(({ value }) => seen.add(value));
        return made;
      };
      await recorder().start(first, { maxRecords: 5 });
      const all = records(topic, numbers(4000), (index) => `k${index % 31}`);
      for (let at = 0; at < all.length; at += 1000) {
        await first.publish(all.slice(at, at + 1000));
        const guest = await recorder().start(second, { maxRecords: 5 });
        await eventually(() => expect(guest.assigned.size).toBeGreaterThan(0), { timeoutMs: LONG });
        await guest.subscription?.close();
      }
      await eventually(() => expect(seen.size).toBe(all.length), { timeoutMs: LONG });
    },
    LONG,
  );

  it(
    'does not acknowledge while the broker is away, and consumers go on when it is back',
    async () => {
      const one = bus();
      const recorder = await new Recorder(topic).start(one);
      await one.publish(records(topic, ['before']));
      await recorder.sees(records(topic, ['before']));
      await broker.kill();
      const error = { code: 'UNAVAILABLE', reason: 'BUS.UNACKNOWLEDGED' };
      await expect(one.publish(records(topic, ['lost or not']))).rejects.toMatchObject(error);
      broker = await startBroker({ port, dataDir: folder });
      await eventually(() => one.publish(records(topic, ['after'])), { timeoutMs: 60_000 });
      await eventually(() => expect(recorder.values).toContain('after'), { timeoutMs: 60_000 });
      expect(recorder.dead).toEqual([]);
    },
    LONG,
  );
});
