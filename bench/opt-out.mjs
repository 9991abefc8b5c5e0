// STOP under load: how long until the ledger, the CRM and the gate of the gateway all know.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { common, consent, crm, events } from '@parley/contracts';
import { contactKey, topics } from '@parley/event-bus';
import { grpcClient } from '@parley/grpc';
import { busOf } from './support/bus.mjs';
import { bus, busesOf, number } from './support/options.mjs';
import { onStage } from './support/stage.mjs';
import { customerId, numberIds } from './support/webhooks.mjs';

export const help = 'milliseconds from STOP until it is in force in the ledger, in the CRM and at the gate, under load';
export const options = {
  bus,
  rate: number(30, 'messages a second of other customers meanwhile'),
  trials: number(5, 'customers who opt out, one after the other'),
};
export const notes = [
  'Floor 5 s, aim 1 s, everywhere. From the moment the webhook with STOP is sent; the worst of the trials.',
  'Ledger: the answer of consent.v1 Check. CRM: the flag on the customer. Gate: a marketing template for that customer is published every 100 ms; counted is the last one that came to the Graph API.',
];
const NUMBERS = 3;
const CUSTOMERS = 20_000;
const EVERY_MS = 100;
const WITHIN_MS = 20_000;
/** How long templates are still published after the ledger and the CRM know. */
const AFTER_MS = 1500;

function template(contact) {
  const value = events.MessageRequested.fromPartial({
    sendId: randomUUID(),
    recipient: contact,
    category: events.MessageCategory.MARKETING,
    content: { $case: 'template', value: { name: 'news', language: 'en_US' } },
    decidedBy: 'bench',
    language: 'en',
    requestedAt: new Date(),
  });
  return { topic: topics.whatsappOutbound, key: contactKey(contact), value, id: value.sendId };
}

/** Asks until the answer is the one wanted; milliseconds since `since`. */
async function until(wanted, since) {
  while (!(await wanted())) {
    if (Date.now() - since > WITHIN_MS) throw new Error('The opt-out was not in force within 20 s.');
    await sleep(10);
  }
  return Date.now() - since;
}

async function trial({ customers, clients, publisher }, index) {
  const waId = customerId(index);
  const contact = common.WhatsAppIdentity.fromPartial({ phoneNumberId: numberIds(NUMBERS)[index % NUMBERS], waId });
  const yes = { contact, purpose: 'marketing', granted: true, at: new Date(Date.now() - 60_000), source: 'import' };
  await clients.consent.record({ ...yes, evidenceRef: `bench-${index}`, idempotencyKey: `bench-${index}` });
  const told = async () => {
    const lookup = { id: `bench-${index}`, whatsappUserId: '', phone: '', email: '' };
    const { results } = await clients.crm.findCustomers({ lookups: [lookup] });
    return results[0]?.customers[0]?.whatsappMarketing;
  };
  await until(async () => (await told()) === true, Date.now());
  let publishing = true;
  const campaign = (async () => {
    for (; publishing; await sleep(EVERY_MS)) await publisher.bus.publish([template(contact)]);
  })();
  await until(async () => (await customers.templatesTo(index)).length > 0, Date.now());
  const { at, acceptedMs } = await customers.write({ index, text: 'STOP' });
  const [ledger, card] = await Promise.all([
    until(async () => !(await clients.consent.check({ contact, purpose: 'marketing' })).allowed, at),
    until(async () => (await told()) === false, at),
  ]);
  await sleep(AFTER_MS);
  publishing = false;
  await campaign;
  const last = Math.max(at, ...(await customers.templatesTo(index)));
  return { accepted: acceptedMs, ledger, card, gate: last - at };
}

export async function run({ rate, trials, ...chosen }, say) {
  const rows = [];
  for (const engine of busesOf(chosen)) {
    await onStage({ bus: engine, numbers: NUMBERS, customers: CUSTOMERS }, async ({ system, customers }) => {
      const clients = {
        consent: grpcClient(consent.ConsentServiceClient, system.grpc(5), { deadlineMs: 10_000 }),
        crm: grpcClient(crm.CrmServiceClient, system.grpc(3), { deadlineMs: 10_000 }),
      };
      const publisher = await busOf(system);
      const load = customers.offer({ rate, seconds: trials * 6, drain: 60 });
      const results = [];
      for (let index = 1; index <= trials; index += 1) {
        results.push(await trial({ customers, clients, publisher }, CUSTOMERS - index));
        say(`  opt-out ${index}: ${JSON.stringify(results.at(-1))} ms`);
      }
      await load;
      const worst = (pick) => Math.max(...results.map(pick));
      rows.push({
        ...{ bus: engine, 'rate/s': rate, trials, 'webhook accepted ms': worst(({ accepted }) => accepted) },
        'ledger ms': worst(({ ledger }) => ledger),
        'CRM ms': worst(({ card }) => card),
        'last template out ms': worst(({ gate }) => gate),
        'everywhere ms': worst(({ ledger, card, gate }) => Math.max(ledger, card, gate)),
      });
      for (const client of Object.values(clients)) client.close();
      await publisher.close();
    });
  }
  return rows;
}
