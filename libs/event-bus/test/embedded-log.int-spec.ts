import type { Database, Tx } from '@parley/postgres';
import { eventually, type TestDatabase } from '@parley/testing';
import { numbers, Recorder, records, textTopic } from '../src/contract-kit.contract.js';
import { createEventBus, partitionOf, type EventBus, type ReceivedRecord, type Topic } from '../src/index.js';
import { common, logDatabase } from './subject.js';

const LONG = 60_000;

/** Two keys of different partitions, the one of the lower partition first. */
const [low = '', high = ''] = ['a', 'b', 'c', 'd', 'e', 'f']
  .sort((a, b) => partitionOf(a, 6) - partitionOf(b, 6))
  .filter((key, index, all) => index === 0 || partitionOf(key, 6) !== partitionOf(all[index - 1] ?? '', 6));

/** Signals of one transaction that the test takes through its steps. */
interface Steps {
  appended: Promise<void>;
  done: Promise<void>;
  finish(how: 'commit' | 'roll back'): void;
}

describe('The embedded log', () => {
  let test: TestDatabase;
  let database: Database;
  let bus: EventBus;
  let topic: Topic<string>;

  beforeAll(async () => {
    test = await logDatabase();
  }, 60_000);
  afterAll(() => test.close());
  beforeEach(() => {
    topic = textTopic();
    database = test.database('alpha');
    bus = createEventBus({ ...common, database });
  });
  afterEach(async () => {
    await bus.close();
    await database.close();
  });

  const collect = async (): Promise<ReceivedRecord<string>[]> => {
    const got: ReceivedRecord<string>[] = [];
    await bus.subscribe({ group: 'g', topic, handle: async (batch) => void got.push(...batch.records) });
    return got;
  };

  /** Starts a transaction that appends one record of `key` and waits to be told how to end. */
  const begin = (value: string, key = low): Steps => {
    let finish: Steps['finish'] = () => undefined;
    let appended: () => void = () => undefined;
    const order = new Promise<string>((resolve) => (finish = resolve));
    const whenAppended = new Promise<void>((resolve) => (appended = resolve));
    const work = async (tx: Tx): Promise<void> => {
      await bus.append(
        tx,
        records(topic, [value], () => key),
      );
      appended();
      if ((await order) === 'roll back') throw new Error('roll back');
    };
    const done = database.transaction(work).catch((thrown: Error) => {
      if (thrown.message !== 'roll back') throw thrown;
    });
    return { appended: whenAppended, done, finish };
  };

  it(
    'shows the partitions’ records in the order of commits, whichever transaction began first',
    async () => {
      const got = await collect();
      const early = begin('early', low);
      await early.appended;
      const late = begin('late', high);
      await late.appended;
      late.finish('commit');
      await late.done;
      await eventually(() => expect(got.map(({ value }) => value)).toEqual(['late']));
      early.finish('commit');
      await eventually(() => expect(got.map(({ value }) => value)).toEqual(['late', 'early']));
    },
    LONG,
  );

  it(
    'makes the second transaction of a partition wait for the first, and leaves no gap when that rolls back',
    async () => {
      const got = await collect();
      const first = begin('first');
      await first.appended;
      const second = begin('second');
      second.finish('commit');
      const third = begin('third');
      third.finish('commit');
      first.finish('roll back');
      await Promise.all([first.done, second.done, third.done]);
      await eventually(() => expect(got).toHaveLength(2));
      expect(got.map(({ value }) => value).sort()).toEqual(['second', 'third']);
      expect(got.map(({ offset }) => offset)).toEqual([0n, 1n]);
    },
    LONG,
  );

  it(
    'does not deadlock when two sides write the same partitions in opposite order',
    async () => {
      const there = [...records(topic, ['x'], () => low), ...records(topic, ['y'], () => high)];
      const back = [...there].reverse();
      // Topic and key are got before, as `ready` does it for the topics of Parley.
      await bus.publish([...there, ...back]);
      const writes = Array.from({ length: 100 }, (_, index) =>
        database.transaction((tx) => bus.append(tx, index % 2 ? there : back)),
      );
      await expect(Promise.all(writes)).resolves.toHaveLength(100);
      const got = await collect();
      await eventually(() => expect(got).toHaveLength(204));
    },
    LONG,
  );

  it(
    'never lets a reader skip a transaction that commits late',
    async () => {
      const got = await collect();
      const expected = new Set<string>();
      const writer = async (name: string): Promise<void> => {
        for (let turn = 0; turn < 40; turn++) {
          const values = numbers(1 + Math.floor(Math.random() * 5)).map((value) => `${name}.${turn}.${value}`);
          const keys = values.map(() => `k${Math.floor(Math.random() * 20)}`);
          const rollBack = Math.random() < 0.3;
          const work = async (tx: Tx): Promise<void> => {
            await bus.append(
              tx,
              records(topic, values, (index) => keys[index] ?? ''),
            );
            await tx.query('select pg_sleep($1::float8)', [Math.random() * 0.005]);
            if (rollBack) throw new Error('roll back');
          };
          await database.transaction(work).catch(() => undefined);
          if (!rollBack) values.forEach((value) => expected.add(value));
        }
      };
      await Promise.all(['a', 'b', 'c', 'd'].map(writer));
      await eventually(() => expect(got.length).toBe(expected.size), { timeoutMs: 20_000 });
      expect(new Set(got.map(({ value }) => value))).toEqual(expected);
      for (let partition = 0; partition < 6; partition++) {
        const offsets = got.filter((record) => record.partition === partition).map(({ offset }) => Number(offset));
        expect(offsets).toEqual(offsets.map((_, index) => index));
      }
    },
    LONG,
  );

  it(
    'wakes consumers of another process by NOTIFY',
    async () => {
      const other = createEventBus({ ...common, database: test.database('alpha') });
      const recorder = await new Recorder(topic).start(other);
      await eventually(() => expect(recorder.assigned.size).toBe(6));
      await bus.publish(records(topic, ['hello']));
      await recorder.sees(records(topic, ['hello']));
      await other.close();
    },
    LONG,
  );

  it(
    'keeps its tables from the services',
    async () => {
      await expect(database.query('select * from bus.records')).rejects.toMatchObject({
        details: { sqlstate: '42501' },
      });
      const inner = database.query(`select bus.add_segment('2026-01-01')`);
      await expect(inner).rejects.toMatchObject({ details: { sqlstate: '42501' } });
    },
    LONG,
  );

  it(
    'holds values of encrypted topics as ciphertext',
    async () => {
      const secret = 'Where is my order 1234?';
      await bus.publish(records(topic, [secret]));
      const admin = test.database('public');
      const rows = await admin.query<{ value: Buffer }>('select value from bus.records where topic = $1', [topic.name]);
      expect(rows).toHaveLength(1);
      expect(rows[0]?.value.includes(secret)).toBe(false);
    },
    LONG,
  );
});
