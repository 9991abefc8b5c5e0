import { eventually } from '@parley/testing';
import { Gate, numbers, Recorder, records, textTopic } from './contract-kit.contract.js';
import type { EventBus } from './event-bus.js';

const LONG = 60_000;

/** Keys enough for every partition to have some. */
const spread = (index: number): string => `k${index % 97}`;

/** What every engine promises about members that come and go. */
export function describeGroups(open: () => Promise<EventBus>): void {
  it(
    'shares the partitions when a second member joins, and gives them back when it leaves',
    async () => {
      const [first, second] = [await open(), await open()];
      const topic = textTopic();
      const one = await new Recorder(topic).start(first);
      await eventually(() => expect(one.assigned.size).toBe(6), { timeoutMs: LONG });
      const two = await new Recorder(topic).start(second);
      await eventually(() => expect([one.assigned.size, two.assigned.size]).toEqual([3, 3]), { timeoutMs: LONG });
      expect(new Set([...one.assigned, ...two.assigned]).size).toBe(6);
      const all = records(topic, numbers(600), spread);
      await first.publish(all);
      await eventually(() => expect(new Set([...one.values, ...two.values]).size).toBe(600), { timeoutMs: LONG });
      expect(one.values.length).toBeGreaterThan(0);
      expect(two.values.length).toBeGreaterThan(0);
      await two.subscription?.close();
      await eventually(() => expect(one.assigned.size).toBe(6), { timeoutMs: LONG });
      const before = one.values.length;
      await first.publish(records(topic, numbers(200, 600), spread));
      await eventually(() => expect(one.values.length - before).toBe(200), { timeoutMs: LONG });
    },
    LONG,
  );

  it(
    'keeps the order of each key while members come and go',
    async () => {
      const topic = textTopic();
      const [first, second] = [await open(), await open()];
      const log: { key: string; value: string }[] = [];
      const recorder = (): Recorder => {
        const made = new Recorder(topic);
        made.intercept = (batch) => void log.push(...batch.records.map(({ key, value }) => ({ key, value })));
        return made;
      };
      await recorder().start(first, { maxRecords: 10 });
      const all = records(topic, numbers(1000), (index) => `k${index % 23}`);
      await first.publish(all.slice(0, 400));
      const two = await recorder().start(second, { maxRecords: 10 });
      await first.publish(all.slice(400, 700));
      await eventually(() => expect(two.assigned.size).toBeGreaterThan(0), { timeoutMs: LONG });
      await two.subscription?.close();
      await first.publish(all.slice(700));
      await eventually(() => expect(new Set(log.map(({ value }) => value)).size).toBe(1000), { timeoutMs: LONG });
      for (const key of new Set(log.map((entry) => entry.key))) {
        const firsts = [...new Set(log.filter((entry) => entry.key === key).map(({ value }) => Number(value)))];
        expect(firsts).toEqual([...firsts].sort((a, b) => a - b));
      }
    },
    LONG,
  );

  it(
    'lets the batch in hand finish when it closes, and the next member go on after it',
    async () => {
      const [first, second] = [await open(), await open()];
      const topic = textTopic();
      const gate = new Gate();
      const one = new Recorder(topic);
      one.intercept = () => gate.pass();
      await one.start(first, { maxRecords: 5 });
      await first.publish(records(topic, numbers(20)));
      await eventually(() => expect(gate.waiting).toBe(1), { timeoutMs: LONG });
      const closed = one.subscription?.close();
      gate.open();
      await closed;
      expect(one.values).toEqual(numbers(5));
      const two = await new Recorder(topic).start(second);
      await two.sees(records(topic, numbers(15, 5)));
    },
    LONG,
  );

  it(
    'goes on after a restart where it stopped',
    async () => {
      const topic = textTopic();
      const first = await open();
      const one = await new Recorder(topic).start(first);
      await first.publish(records(topic, numbers(50), spread));
      await one.sees(records(topic, numbers(50), spread));
      await first.close();
      const second = await open();
      await second.publish(records(topic, numbers(50, 50), spread));
      const two = await new Recorder(topic).start(second);
      await two.sees(records(topic, numbers(50, 50), (index) => spread(index)));
    },
    LONG,
  );
}
