import { events } from '@parley/contracts';
import { topics, type Subscription } from '@parley/event-bus';
import { eventually, type TestDatabase } from '@parley/testing';
import { itemOf } from '../src/inbound/messages.events.js';
import { deliver, listen, rows, said, type Instance } from './subject.js';

const PATIENCE = { timeoutMs: 90_000 };

/** An engine under the topics, with replicas of the service on it. */
export interface RaceTrack {
  database: TestDatabase;
  start(): Instance;
  /** Makes the group believe that a replica is gone, while it goes on in the middle of what it does. */
  giveUp(replica: Instance): Promise<void>;
  /** Whether the log itself refuses the commit of a replica that was given up; else the marks alone do. */
  refusesOldEpochs: boolean;
}

/** Consumes as the service does; each commit waits, inside its transaction, until `hold` lets it go. */
function consumeHeld({ bus, answer }: Instance, hold: () => Promise<void>, failures: unknown[]): Promise<Subscription> {
  return bus.subscribe<events.WebhookItemReceived>({
    group: 'conversation',
    topic: topics.whatsappInbound,
    handle: async (batch) => {
      const commit = async (tx: Parameters<typeof batch.commitIn>[0]): Promise<void> => {
        await hold();
        await batch.commitIn(tx);
      };
      await answer.run(batch.records.map(itemOf), commit).catch((thrown: unknown) => {
        failures.push(thrown);
        throw thrown;
      });
    },
  });
}

/** Replicas that come and go: what must hold on every engine. */
export function describeRaces(name: string, open: () => Promise<RaceTrack & { close(): Promise<void> }>): void {
  describe(`replicas on ${name}`, () => {
    let track: Awaited<ReturnType<typeof open>>;
    const replicas: Instance[] = [];
    const start = (): Instance => {
      const made = track.start();
      replicas.push(made);
      return made;
    };

    beforeEach(async () => {
      track = await open();
    }, 120_000);
    afterEach(async () => {
      for (const replica of replicas.splice(0)) await replica.close();
      await track.close();
    }, 60_000);

    it('answer once what one of them had in its transaction when another took its partition over', async () => {
      const [one, two] = [start(), start()];
      const left = await listen(two.bus, 'test');
      let letGo = (): void => undefined;
      const held = new Promise<void>((resolve) => (letGo = resolve));
      const failures: unknown[] = [];
      await consumeHeld(one, () => held, failures);
      const messages = Array.from({ length: 20 }, (_, n) => said({ id: `wamid.${n}`, waId: `4917${n % 5}` }));
      await one.bus.publish(messages);
      // Whichever partitions the other takes over, it meets messages that are in hand.
      await eventually(() => expect(one.brain.turns).toHaveLength(messages.length), PATIENCE);
      await two.consume();
      await track.giveUp(one);
      // The other has the same messages, decided the same way, and waits for the first one's locks.
      await eventually(() => expect(two.brain.turns).not.toEqual([]), PATIENCE);
      letGo();
      await eventually(() => expect(new Set(left.sends.map(({ inReplyTo }) => inReplyTo)).size).toBe(20), PATIENCE);
      if (track.refusesOldEpochs) {
        await eventually(() => expect(failures).toContainEqual(expect.objectContaining({ reason: 'BUS.OLD_EPOCH' })));
      }
      // Behind everything else of its partitions: a second answer would have come by now.
      await endOf(two, left);
      expect(left.sends.map(({ inReplyTo }) => inReplyTo).filter((id) => !id.startsWith('wamid.end'))).toHaveLength(20);
      // Five customers, and the one who wrote last.
      expect(await rows(two.db)).toMatchObject({ conversations: 6 });
    }, 120_000);

    it('answer everything once and in order while they join and leave in the middle of batches', async () => {
      const [one, two, three] = [start(), start(), start()];
      const left = await listen(three.bus, 'test');
      const customers = Array.from({ length: 24 }, (_, n) => `49171${n}`);
      const messages = Array.from({ length: 480 }, (_, n) =>
        said({ id: `wamid.${String(n).padStart(3, '0')}`, waId: customers[n % customers.length]! }),
      );
      const first = await one.consume();
      const subscriptions: Promise<Subscription>[] = [];
      for (let from = 0; from < messages.length; from += 24) {
        await one.bus.publish(messages.slice(from, from + 24));
        if (from === 96) subscriptions.push(two.consume());
        if (from === 216) await first.close();
        if (from === 288) subscriptions.push(three.consume());
        if (from === 384) await (await subscriptions[0]!).close();
      }
      const answered = (): string[] => left.sends.map(({ inReplyTo }) => inReplyTo);
      await eventually(() => expect(new Set(answered()).size).toBe(messages.length), PATIENCE);
      await Promise.all(subscriptions);
      await endOf(three, left);
      const own = answered().filter((id) => !id.startsWith('wamid.end'));
      expect(own).toHaveLength(messages.length);
      for (const waId of customers) {
        const ids = left.sends.flatMap(({ recipient, inReplyTo }) => (recipient?.waId === waId ? [inReplyTo] : []));
        expect(ids).toEqual([...ids].sort());
      }
      expect((await rows(one.db)).messages).toHaveLength(2 * (messages.length + 1));
      expect(new Set(left.facts.map(({ eventId }) => eventId)).size).toBe(left.facts.length);
    }, 180_000);
  });
}

/** Resolves when a last message, of somebody else, has been answered. */
async function endOf(replica: Instance, left: Awaited<ReturnType<typeof listen>>): Promise<void> {
  await deliver(replica, said({ id: 'wamid.end', waId: '49179' }));
  await eventually(() => expect(left.sends.map(({ inReplyTo }) => inReplyTo)).toContain('wamid.end'), PATIENCE);
}
