import { unavailable } from '@parley/errors';
import { eventually } from '@parley/testing';
import { describeAcrossPartitions } from './across-partitions.contract.js';
import { Gate, numbers, Recorder, records, textTopic, type BusSubject } from './contract-kit.contract.js';
import { describeDeadLetters } from './dead-letters.contract.js';
import type { EventBus } from './event-bus.js';
import { describeGroups } from './groups.contract.js';

/** What every engine promises. The subject is made once per block; every test uses topics of its own. */
export function describeEventBus(name: string, makeSubject: () => Promise<BusSubject>): void {
  describe(`${name} as an event bus`, () => {
    let subject: BusSubject;
    const open: EventBus[] = [];
    const bus = async (): Promise<EventBus> => {
      const opened = await subject.open();
      open.push(opened);
      return opened;
    };

    beforeAll(async () => {
      subject = await makeSubject();
    }, 120_000);
    afterEach(async () => {
      await Promise.all(open.splice(0).map((one) => one.close()));
    }, 60_000);
    afterAll(() => subject?.close(), 60_000);

    describe('log', () => describeLog(bus));
    describe('transactions', () => describeTransactions(bus, () => subject));
    describe('failures', () => describeFailures(bus));
    describe('batches of several partitions', () => describeAcrossPartitions(bus, () => subject));
    describe('dead letters', () => describeDeadLetters(bus));
    describe('groups', () => describeGroups(bus));
  });
}

type Bus = () => Promise<EventBus>;
const LONG = 60_000;

function describeLog(open: Bus): void {
  it(
    'hands over what was published, attributes included',
    async () => {
      const bus = await open();
      const topic = textTopic();
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      const got: unknown[] = [];
      await bus.publish([{ topic, key: '1067:49151', value: 'Hello, wörld', id: 'wamid.1', traceparent }]);
      await bus.subscribe({ group: 'g', topic, handle: async (batch) => void got.push(...batch.records) });
      await eventually(() => expect(got).toHaveLength(1), { timeoutMs: LONG });
      const time: unknown = expect.any(Date);
      expect(got[0]).toMatchObject({
        topic: topic.name,
        // The person in it is hidden where it would lie on a disk.
        key: expect.stringMatching(/^1067:(49151|~[\w-]{22})$/) as string,
        value: 'Hello, wörld',
        id: 'wamid.1',
        time,
      });
      expect(got[0]).toMatchObject({ offset: 0n, traceparent });
    },
    LONG,
  );

  it(
    'keeps the order of each key',
    async () => {
      const bus = await open();
      const topic = textTopic();
      const all = records(topic, numbers(300), (index) => `k${index % 17}`);
      const recorder = await new Recorder(topic).start(bus, { maxRecords: 20 });
      for (let at = 0; at < all.length; at += 30) await bus.publish(all.slice(at, at + 30));
      await recorder.sees(all);
    },
    LONG,
  );

  it(
    'gives every group every record',
    async () => {
      const bus = await open();
      const topic = textTopic();
      const all = records(topic, numbers(50), String);
      const one = await new Recorder(topic, 'one').start(bus);
      await bus.publish(all);
      const two = await new Recorder(topic, 'two').start(bus);
      await one.sees(all);
      await two.sees(all);
    },
    LONG,
  );

  it(
    'takes 10,000 records',
    async () => {
      const bus = await open();
      const topic = textTopic();
      const all = records(topic, numbers(10_000), (index) => `k${index % 101}`);
      const recorder = await new Recorder(topic).start(bus);
      for (let at = 0; at < all.length; at += 500) await bus.publish(all.slice(at, at + 500));
      await recorder.sees(all);
      expect(Math.max(...recorder.batches)).toBeLessThanOrEqual(500);
    },
    LONG,
  );
}

function describeTransactions(open: Bus, subject: () => BusSubject): void {
  it(
    'shows what was appended only after the commit, and nothing of a rollback',
    async () => {
      const bus = await open();
      const topic = textTopic();
      const recorder = await new Recorder(topic).start(bus);
      const failed = subject().transaction(async (tx) => {
        await bus.append(tx, records(topic, ['rolled back']));
        throw new Error('No.');
      });
      await expect(failed).rejects.toThrow('No.');
      await subject().transaction((tx) => bus.append(tx, records(topic, ['first', 'second'])));
      await subject().transaction(async (tx) => {
        await bus.append(tx, records(topic, ['third']));
        await recorder.sees(records(topic, ['first', 'second']));
      });
      await recorder.sees(records(topic, ['first', 'second', 'third']));
    },
    LONG,
  );

  it(
    'commits the position with the effect',
    async () => {
      const first = await open();
      const topic = textTopic();
      const recorder = new Recorder(topic);
      recorder.intercept = ({ commitIn }) => subject().transaction((tx) => commitIn(tx));
      await recorder.start(first);
      await first.publish(records(topic, numbers(20)));
      await recorder.sees(records(topic, numbers(20)));
      await first.close();
      const second = await open();
      const later = await new Recorder(topic).start(second);
      await second.publish(records(topic, ['next']));
      await later.sees(records(topic, ['next']));
    },
    LONG,
  );
}

function describeFailures(open: Bus): void {
  it(
    'hands a batch over again when a dependency is away: nothing given up, nothing skipped, no position moved',
    async () => {
      const bus = await open();
      const topic = textTopic();
      const all = records(topic, numbers(30));
      const recorder = new Recorder(topic);
      let away = true;
      const firsts: (string | undefined)[] = [];
      recorder.intercept = (batch) => {
        firsts.push(batch.records[0]?.value);
        if (away) throw unavailable('TEST.AWAY', 'away');
      };
      await recorder.start(bus, { maxRecords: 10 });
      await bus.publish(all);
      await eventually(() => expect(firsts.length).toBeGreaterThanOrEqual(3), { timeoutMs: LONG });
      expect(new Set(firsts)).toEqual(new Set(['0']));
      expect(recorder.subscription?.paused()).toBe(true);
      away = false;
      await recorder.sees(all);
      await eventually(() => expect(recorder.subscription?.paused()).toBe(false));
      expect(recorder.dead).toEqual([]);
      expect(await bus.deadLetters.list(topic.name)).toEqual([]);
    },
    LONG,
  );

  it(
    'stops only the partition that waits',
    async () => {
      const bus = await open();
      const topic = textTopic();
      const recorder = new Recorder(topic);
      const stuck = new Gate();
      recorder.intercept = async (batch) => {
        if (batch.records.some(({ value }) => value === 'stuck')) await stuck.pass();
      };
      await recorder.start(bus);
      const others = records(topic, numbers(40), (index) => `k${index}`);
      await bus.publish([...records(topic, ['stuck']), ...others]);
      await eventually(() => expect(recorder.values.length).toBeGreaterThanOrEqual(20), { timeoutMs: LONG });
      expect(recorder.values).not.toContain('stuck');
      stuck.open();
      await recorder.sees([...records(topic, ['stuck']), ...others]);
    },
    LONG,
  );

  it(
    'hands over no more than asked for while a handler is busy',
    async () => {
      const bus = await open();
      const topic = textTopic();
      const all = records(topic, numbers(3000));
      const recorder = new Recorder(topic);
      const gate = new Gate();
      recorder.intercept = () => gate.pass();
      await recorder.start(bus, { maxRecords: 50 });
      for (let at = 0; at < all.length; at += 500) await bus.publish(all.slice(at, at + 500));
      await eventually(() => expect(gate.waiting).toBe(1), { timeoutMs: LONG });
      expect(recorder.batches).toHaveLength(1);
      gate.open();
      await recorder.sees(all);
      expect(Math.max(...recorder.batches)).toBeLessThanOrEqual(50);
    },
    LONG,
  );
}
