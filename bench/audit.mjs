// What evidence costs: CPU of the audit service's process per entry, from a record of the log to a committed, chained row.
import { setTimeout as sleep } from 'node:timers/promises';
import { number } from './support/options.mjs';

export const help = 'CPU milliseconds of the audit service for each entry of the trail';
export const options = { entries: number(50_000, 'entries to append') };
export const notes = ['Floor 1 ms, aim 0.2 ms.'];

const TOPIC = 'conversation.events';
const BATCH = 500;
const PEOPLE = 500;
const WARM_UP = 5000;
const app = (file) => import(new URL(`../apps/audit-service/dist/${file}.js`, import.meta.url).href);

/** The record of a message as conversation-service writes it. */
async function records(count, offset) {
  const { events } = await import('@parley/contracts');
  const now = new Date();
  return Array.from({ length: count }, (_, index) => {
    const n = offset + index;
    const waId = `4917${600_000_000 + (n % PEOPLE)}`;
    const contact = { phoneNumberId: '106540352242922', waId, userId: '', profileName: 'Maya' };
    const said = {
      messageId: `wamid.${n}`,
      direction: 1,
      author: 1,
      type: 'text',
      text: `Track order ${1000 + (n % 9000)}, please`,
    };
    const value = events.ConversationEvent.fromPartial({
      ...{ eventId: `event.${n}`, conversationId: `c-${n % PEOPLE}`, contact, occurredAt: now, orderNumber: '1234' },
      ...{
        flow: 'track-order@1',
        event: { $case: 'messageRecorded', value: events.MessageRecorded.fromPartial(said) },
      },
    });
    const traceparent = `00-${n.toString(16).padStart(32, '0')}-00f067aa0ba902b7-01`;
    return {
      topic: TOPIC,
      partition: 0,
      offset: BigInt(n),
      key: `k:${waId}`,
      id: `event.${n}`,
      time: now,
      value,
      traceparent,
    };
  });
}

async function open() {
  const { Inbox, MasterKey, PersonVault } = await import('@parley/postgres');
  const { testDatabase } = await import('@parley/testing');
  const { migrations } = await app('migrations/index');
  const database = await testDatabase([{ name: 'audit-service', schema: 'audit', role: 'parley_audit', migrations }]);
  const db = database.database('audit');
  const keys = MasterKey.fromText(MasterKey.generate());
  const [{ PostgresTrail }, { VaultPersons }] = [
    await app('outbound/postgres/postgres-trail'),
    await app('outbound/vault/vault-persons'),
  ];
  const [{ AppendEvidence }, { ofConversation }] = [
    await app('usecases/append-evidence'),
    await app('inbound/conversation.evidence'),
  ];
  const trail = new PostgresTrail(db, new Inbox('audit'));
  const append = new AppendEvidence(trail, new VaultPersons(new PersonVault(db, keys), keys), {
    now: () => new Date(),
  });
  const take = (batch) =>
    append.run(batch.flatMap(ofConversation), { topic: TOPIC, partition: 0, commit: () => Promise.resolve() });
  return { take, close: () => database.close() };
}

export async function run({ entries }) {
  const { take, close } = await open();
  try {
    let offset = 0;
    const takeAll = async (count) => {
      for (const end = offset + count; offset < end; offset += BATCH) await take(await records(BATCH, offset));
    };
    // Records are made outside the measured time.
    await takeAll(WARM_UP);
    const batches = [];
    for (const end = offset + entries; offset < end; offset += BATCH) batches.push(await records(BATCH, offset));
    await sleep(200);
    const [before, began] = [process.cpuUsage(), performance.now()];
    for (const batch of batches) await take(batch);
    const { user, system } = process.cpuUsage(before);
    const seconds = (performance.now() - began) / 1000;
    const perEntry = (user + system) / 1000 / entries;
    const row = {
      entries,
      'CPU ms per entry': Number(perEntry.toFixed(4)),
      'entries/s': Math.round(entries / seconds),
    };
    return [{ ...row, batch: BATCH }];
  } finally {
    await close();
  }
}
