import { unavailable } from '@parley/errors';
import { eventually } from '@parley/testing';
import { Gate, numbers, Recorder, records, textTopic, type BusSubject } from './contract-kit.contract.js';
import type { EventBus, ReceivedRecord } from './event-bus.js';

const LONG = 60_000;
/** Keys enough for every partition to have some. */
const spread = (index: number): string => `k${index % 97}`;

const partitionsOf = (batch: readonly ReceivedRecord<string>[]): number =>
  new Set(batch.map(({ partition }) => partition)).size;

/** What every engine promises of batches of several partitions. */
export function describeAcrossPartitions(open: () => Promise<EventBus>, subject: () => BusSubject): void {
  it(
    'joins what waits in several partitions, in order per key, and no more than asked for',
    async () => {
      const bus = await open();
      const topic = textTopic();
      const recorder = new Recorder(topic);
      const gate = new Gate();
      let widest = 0;
      recorder.intercept = async (batch) => {
        widest = Math.max(widest, partitionsOf(batch.records));
        await gate.pass();
        await subject().transaction((tx) => batch.commitIn(tx));
      };
      await recorder.start(bus, { acrossPartitions: true, maxRecords: 200 });
      const all = records(topic, numbers(600), spread);
      for (let at = 0; at < all.length; at += 100) await bus.publish(all.slice(at, at + 100));
      await eventually(() => expect(gate.waiting).toBeGreaterThan(0), { timeoutMs: LONG });
      gate.open();
      await recorder.sees(all);
      expect(widest).toBeGreaterThan(1);
      expect(Math.max(...recorder.batches)).toBeLessThanOrEqual(200);
      // Each position was moved: nothing comes again to whoever takes over.
      await recorder.subscription?.close();
      const next = await new Recorder(topic).start(await open(), { acrossPartitions: true });
      const later = records(topic, ['later']);
      await bus.publish(later);
      await next.sees(later);
      expect(recorder.seen).toHaveLength(600);
    },
    LONG,
  );

  it(
    'gives up the culprit alone, and no partition waits for the trouble of another',
    async () => {
      const bus = await open();
      const topic = textTopic();
      const all = records(topic, numbers(200), spread);
      const recorder = new Recorder(topic);
      let away = true;
      recorder.intercept = ({ records: got }) => {
        if (got.some(({ value }) => value === '7')) throw new Error('Cannot be handled.');
        if (away && got.some(({ value }) => value === '9')) throw unavailable('TEST.AWAY', 'away');
      };
      await bus.publish(all);
      await recorder.start(bus, { acrossPartitions: true });
      await eventually(() => expect(recorder.values.length).toBeGreaterThanOrEqual(60), { timeoutMs: LONG });
      expect(recorder.values).not.toContain('9');
      away = false;
      await recorder.sees(all.filter(({ value }) => value !== '7'));
      expect(recorder.dead.map(({ id }) => id)).toEqual(['7']);
    },
    LONG,
  );
}
