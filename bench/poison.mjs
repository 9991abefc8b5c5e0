// One bad record in a thousand: how soon it lies in the dead letters, and how soon the 999 others are answered.
import { setTimeout as sleep } from 'node:timers/promises';
import { events } from '@parley/contracts';
import { contactKey, topics } from '@parley/event-bus';
import { busOf } from './support/bus.mjs';
import { bus, busesOf, number } from './support/options.mjs';
import { onStage } from './support/stage.mjs';
import { freshId, numberIds } from './support/webhooks.mjs';

const LONGEST_MS = 60_000;
const GROUP = 'conversation';

export const help =
  'one bad record in a thousand: time until it lies in the dead letters, and until the others are answered';
export const options = {
  bus,
  records: number(1000, 'records put at once, one of them bad'),
  rounds: number(5, 'how often, for each kind of bad record'),
};
export const notes = [
  'Aim: in the dead letters in under a second. Milliseconds from the moment all of them were durable on whatsapp.inbound.',
  'Undecodable: bytes that are no message of the topic. Unholdable: a message that decodes, but was written at a moment no table holds, so that it fails alone while its neighbours succeed.',
];

let people = 0;

function recordOf(sentAt = new Date()) {
  const [phoneNumberId] = numberIds(1);
  people += 1;
  const contact = { phoneNumberId, userId: '', waId: `4919${String(600_000_000 + people)}`, profileName: 'Bench' };
  const value = events.WebhookItemReceived.fromPartial({
    itemId: freshId(),
    field: 'messages',
    type: 'text',
    contact,
    sentAt,
    receivedAt: new Date(),
    content: { $case: 'text', value: { body: 'hello' } },
  });
  return { topic: topics.whatsappInbound, key: contactKey(contact), value, id: value.itemId };
}

const KINDS = {
  undecodable: () => ({ ...recordOf(), topic: { ...topics.whatsappInbound, encode: () => Buffer.from([0xff]) } }),
  unholdable: () => recordOf(new Date(-8.64e15)),
};

async function since(began, what, attempt) {
  while (!(await attempt())) {
    if (performance.now() - began > LONGEST_MS) throw new Error(`${what} did not come.`);
    await sleep(5);
  }
  return Math.round(performance.now() - began);
}

async function round(log, customers, kind, records) {
  const bad = KINDS[kind]();
  const good = Array.from({ length: records - 1 }, () => recordOf());
  // Who nobody asked for is who these records are from: the customers of the stage are silent.
  const before = (await customers.totals()).uncalled;
  const middle = records >> 1;
  await log.publish([...good.slice(0, middle), bad, ...good.slice(middle)]);
  const began = performance.now();
  const letters = async () => log.deadLetters.list(topics.whatsappInbound.name);
  const dead = since(began, 'The dead letter', async () =>
    (await letters()).some(({ recordId, group }) => recordId === bad.id && group === GROUP),
  );
  const answered = since(began, 'Some answer', async () => (await customers.totals()).uncalled - before >= records - 1);
  return { dead: await dead, answered: await answered };
}

const range = (values) => `${Math.min(...values)} to ${Math.max(...values)}`;

async function measure(engine, chosen, say) {
  const env = { WHATSAPP_MESSAGES_PER_SECOND: '1000' };
  return onStage({ bus: engine, numbers: 1, customers: 500, env }, async ({ system, customers }) => {
    const { bus: log, close } = await busOf(system);
    const rows = [];
    for (const kind of Object.keys(KINDS)) {
      const rounds = [];
      for (let n = 0; n < chosen.rounds; n += 1) rounds.push(await round(log, customers, kind, chosen.records));
      say(`  ${kind}: ${JSON.stringify(rounds)}`);
      rows.push({
        ...{ bus: engine, 'bad record': kind, records: chosen.records, rounds: rounds.length },
        'ms to the dead letters': range(rounds.map(({ dead }) => dead)),
        'ms until the others are answered': range(rounds.map(({ answered }) => answered)),
      });
    }
    await close();
    return rows;
  });
}

export async function run(chosen, say) {
  const rows = [];
  for (const engine of busesOf(chosen)) rows.push(...(await measure(engine, chosen, say)));
  return rows;
}
