import type { Database } from '@parley/postgres';
import { eventually, type TestDatabase } from '@parley/testing';
import { Gate, numbers, Recorder, records, textTopic } from '../src/contract-kit.contract.js';
import { createEventBus, type EventBus, type Topic } from '../src/index.js';
import { common, FrailDatabase, logDatabase } from './subject.js';

const LONG = 60_000;

describe('The embedded log, when a consumer dies', () => {
  let test: TestDatabase;
  let admin: Database;
  let topic: Topic<string>;
  const open: { bus: EventBus; database: FrailDatabase }[] = [];

  const start = (): { bus: EventBus; database: FrailDatabase } => {
    const database = new FrailDatabase(test.adminUrl);
    const started = { bus: createEventBus({ ...common, database }), database };
    open.push(started);
    return started;
  };

  /** Makes the lease of every member of the topic run out now instead of in 3.5 s. */
  const expire = async (): Promise<void> => {
    await admin.query(`update bus.members set expires = now() - interval '1 s' where topic = $1`, [topic.name]);
  };

  beforeAll(async () => {
    test = await logDatabase();
    admin = test.database('public');
  }, 60_000);
  afterAll(() => test.close());
  beforeEach(() => {
    topic = textTopic();
  });
  afterEach(async () => {
    for (const { bus, database } of open.splice(0)) {
      await bus.close();
      await database.close();
    }
  });

  it(
    'hands its partitions over within its lease, at the position it had committed',
    async () => {
      const [dying, other] = [start(), start()];
      const one = await new Recorder(topic).start(dying.bus);
      await dying.bus.publish(records(topic, numbers(10)));
      await one.sees(records(topic, numbers(10)));
      dying.database.lose('everything');
      await other.bus.publish(records(topic, numbers(10, 10)));
      const two = await new Recorder(topic).start(other.bus);
      await two.sees(records(topic, numbers(10, 10)), 8000);
      expect(two.assigned.size).toBe(6);
    },
    LONG,
  );

  it(
    'refuses what the earlier holder of a partition commits, with its effect',
    async () => {
      await admin.query('create table public.effects (value text); grant all on public.effects to parley_alpha');
      const [frozen, other] = [start(), start()];
      const gate = new Gate();
      const failures: unknown[] = [];
      const one = new Recorder(topic);
      one.intercept = (batch) =>
        frozen.database
          .transaction(async (tx) => {
            for (const { value } of batch.records) await tx.query('insert into public.effects values ($1)', [value]);
            await gate.pass();
            await batch.commitIn(tx);
          })
          .catch((thrown: unknown) => {
            failures.push(thrown);
            throw thrown;
          });
      await one.start(frozen.bus);
      await frozen.bus.publish(records(topic, ['effect']));
      await eventually(() => expect(gate.waiting).toBe(1));
      frozen.database.lose('heartbeats');
      await expire();
      const two = await new Recorder(topic).start(other.bus);
      await two.sees(records(topic, ['effect']));
      gate.open();
      await eventually(() => expect(failures).toMatchObject([{ code: 'ABORTED', reason: 'BUS.OLD_EPOCH' }]));
      expect(await admin.query('select * from public.effects')).toEqual([]);
      await other.bus.publish(records(topic, ['more']));
      await two.sees(records(topic, ['effect', 'more']));
    },
    LONG,
  );

  /** A process that takes what it gets until this value is in hand, and dies; returns the batches it had. */
  async function diesWith(fatal: string): Promise<string[][]> {
    const { bus, database } = start();
    const recorder = new Recorder(topic);
    const batches: string[][] = [];
    const inHand = new Promise<void>((crashing) => {
      recorder.intercept = (batch) => {
        batches.push(batch.records.map(({ value }) => value));
        if (!batch.records.some(({ value }) => value === fatal)) return undefined;
        crashing();
        return new Promise((resolve) => batch.signal.addEventListener('abort', () => resolve()));
      };
    });
    await recorder.start(bus);
    await inHand;
    database.lose('everything');
    await expire();
    return batches;
  }

  it(
    'tries a batch record by record after three crashes, and gives up the one that is in hand at three more',
    async () => {
      const all = records(topic, numbers(5));
      await start().bus.publish(all);
      const batches: string[][] = [];
      for (let crash = 0; crash < 6; crash++) batches.push(...(await diesWith('2')));
      expect(batches).toEqual([numbers(5), numbers(5), numbers(5), ['0'], ['1'], ['2'], ['2'], ['2']]);
      const survivor = start().bus;
      const recorder = await new Recorder(topic).start(survivor);
      await recorder.sees(records(topic, ['3', '4']));
      expect(recorder.dead).toEqual([{ id: '2', reason: 'BUS.CRASHED' }]);
      expect(await survivor.deadLetters.list(topic.name)).toMatchObject([{ recordId: '2', reason: 'BUS.CRASHED' }]);
    },
    LONG,
  );

  it(
    'blames no record of another partition for what one record does to its process',
    async () => {
      const first = start().bus;
      await first.publish(records(topic, numbers(30), (n) => `k${n % 6}`));
      const givenUp: string[] = [];
      const all = async (): Promise<number> => {
        const sql = 'select coalesce(sum(committed), 0)::int as n from bus.claims where topic = $1';
        return (await admin.query<{ n: number }>(sql, [topic.name]))[0]?.n ?? 0;
      };
      for (let crash = 0; crash < 10 && (await all()) < 30; crash++) {
        const { bus, database } = start();
        const recorder = new Recorder(topic);
        let dead = false;
        const over = new Promise<void>((crashing) => {
          recorder.intercept = async (batch) => {
            if (batch.records.some(({ value }) => value === '7')) {
              dead = true;
              crashing();
            }
            // Whatever was in hand at the crash is in hand for ever.
            await new Promise((resolve) => setImmediate(resolve));
            if (dead) await new Promise<void>((resolve) => batch.signal.addEventListener('abort', () => resolve()));
          };
        });
        await recorder.start(bus, { acrossPartitions: true });
        const done = eventually(async () => expect(await all()).toBe(30), { timeoutMs: 20_000 });
        await Promise.race([over, done.catch(() => undefined)]);
        if (dead) database.lose('everything');
        givenUp.push(...recorder.dead.map(({ id }) => id));
        await expire();
      }
      expect(givenUp).toEqual(['7']);
    },
    LONG,
  );

  it(
    'blames no record for processes that were killed with one or another in hand',
    async () => {
      await start().bus.publish(records(topic, numbers(5)));
      for (const value of ['0', '0', '0', '0', '0', '1', '2', '2', '4']) await diesWith(value);
      const recorder = await new Recorder(topic).start(start().bus);
      await recorder.sees(records(topic, ['4']));
      expect(recorder.dead).toEqual([]);
    },
    LONG,
  );

  it(
    'blames no record for a process that was killed while it had nothing to do',
    async () => {
      for (let crash = 0; crash < 5; crash++) {
        const { bus, database } = start();
        const recorder = await new Recorder(topic).start(bus);
        await eventually(() => expect(recorder.assigned.size).toBe(6));
        database.lose('everything');
        await expire();
      }
      const { bus } = start();
      const recorder = await new Recorder(topic).start(bus);
      await bus.publish(records(topic, numbers(3)));
      await recorder.sees(records(topic, numbers(3)));
      expect(recorder.dead).toEqual([]);
    },
    LONG,
  );
});
