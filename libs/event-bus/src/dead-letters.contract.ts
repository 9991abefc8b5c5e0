import { AppError } from '@parley/errors';
import { eventually } from '@parley/testing';
import { numbers, Recorder, records, textTopic } from './contract-kit.contract.js';
import type { DeadLetter } from './dead-letters.js';
import type { EventBus } from './event-bus.js';

const LONG = 60_000;

/** On Kafka a dead letter is a record that has to arrive first. */
function someLetters(bus: EventBus, topic: string): Promise<DeadLetter[]> {
  return eventually(
    async () => {
      const letters = await bus.deadLetters.list(topic);
      expect(letters).not.toEqual([]);
      return letters;
    },
    { timeoutMs: LONG },
  );
}

/** What every engine promises about records that cannot be handled. */
export function describeDeadLetters(open: () => Promise<EventBus>): void {
  it(
    'gives up the one record at fault and handles its neighbours, in order',
    async () => {
      const bus = await open();
      const topic = textTopic();
      const recorder = new Recorder(topic);
      recorder.intercept = (batch) => {
        const culprit = batch.records.some(({ value }) => value === '13');
        if (culprit) throw new AppError({ code: 'FAILED_PRECONDITION', reason: 'TEST.POISON', message: 'no' });
      };
      await bus.publish(records(topic, numbers(40)));
      await recorder.start(bus);
      await recorder.sees(
        records(
          topic,
          numbers(40).filter((value) => value !== '13'),
        ),
      );
      const [letter, ...more] = await someLetters(bus, topic.name);
      expect(more).toEqual([]);
      expect(letter).toMatchObject({
        topic: topic.name,
        group: 'contract',
        key: 'k',
        recordId: '13',
        reason: 'TEST.POISON',
      });
      expect(letter).toMatchObject({ offset: 13n, attempts: expect.any(Number) as number });
      expect(recorder.dead).toEqual([{ id: '13', reason: 'TEST.POISON' }]);
      const shown = await bus.deadLetters.show(letter?.id ?? '');
      expect(Buffer.from(shown.value ?? []).toString()).toBe('13');
    },
    LONG,
  );

  it(
    'gives up a record that does not decode without showing it to the handler',
    async () => {
      const bus = await open();
      const topic = textTopic();
      const recorder = await new Recorder(topic).start(bus);
      await bus.publish(records(topic, ['a', 'undecodable', 'b']));
      await recorder.sees(records(topic, ['a', 'b']));
      expect(recorder.dead).toEqual([{ id: 'undecodable', reason: 'BUS.UNDECODABLE' }]);
      await bus.publish(records(topic, ['undecodable too']));
      await eventually(async () => expect(await bus.deadLetters.list(topic.name)).toHaveLength(2), { timeoutMs: LONG });
    },
    LONG,
  );

  it(
    'replays what was given up',
    async () => {
      const bus = await open();
      const topic = textTopic();
      const recorder = new Recorder(topic);
      let broken = true;
      recorder.intercept = () => {
        if (broken) throw new TypeError('A mistake in the handler.');
      };
      await recorder.start(bus);
      await bus.publish(records(topic, ['a', 'b']));
      await eventually(async () => expect(await bus.deadLetters.list(topic.name)).toHaveLength(2), { timeoutMs: LONG });
      broken = false;
      expect(await bus.deadLetters.replay({ topic: topic.name })).toBe(2);
      await recorder.sees(records(topic, ['a', 'b']));
      expect(await bus.deadLetters.replay({ topic: topic.name })).toBe(0);
      await expect(bus.deadLetters.show('none')).rejects.toMatchObject({ reason: 'BUS.NO_DEAD_LETTER' });
    },
    LONG,
  );

  it(
    'keeps what a producer could not send',
    async () => {
      const bus = await open();
      const topic = textTopic().name;
      await bus.deadLetters.keep([
        { topic, key: 'k', id: 'x', value: Buffer.from('not JSON'), reason: 'TEST.NOT_JSON' },
      ]);
      const [letter] = await someLetters(bus, topic);
      expect(letter).toMatchObject({ id: `${topic}/x`, topic, group: '', recordId: 'x', reason: 'TEST.NOT_JSON' });
      const { value } = await bus.deadLetters.show(`${topic}/x`);
      expect(Buffer.from(value ?? []).toString()).toBe('not JSON');
    },
    LONG,
  );
}
