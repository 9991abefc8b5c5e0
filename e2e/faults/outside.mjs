// Reads the outside world when a run is over: CRM, ERP, consent ledger and audit trail, by their gRPC reads (the proto files, no
// code of the services), and the ERP's own table of writes.
import { join } from 'node:path';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';
import pg from 'pg';
import { root } from '../../tools/launcher/paths.mjs';

const AT_A_TIME = 8;
/** A question about one customer; and one about everything, such as whether hundreds of thousands of audit entries verify. */
const PATIENCE_MS = { one: 60_000, all: 900_000 };
const options = { keepCase: true, longs: Number, enums: String, defaults: true, includeDirs: [join(root, 'proto')] };

/** A caller of a service's methods by its proto file. */
export function callerOf(domain, name, address) {
  const file = `parley/${domain}/v1/${domain}_service.proto`;
  const loaded = grpc.loadPackageDefinition(loader.loadSync(file, options));
  const client = new loaded.parley[domain].v1[name](address, grpc.credentials.createInsecure(), {
    'grpc.max_receive_message_length': 64 * 1024 * 1024,
  });
  const call = (method, request, patienceMs = PATIENCE_MS.one) =>
    new Promise((resolve, reject) => {
      client[method](request, { deadline: Date.now() + patienceMs }, (error, answer) =>
        error ? reject(error) : resolve(answer),
      );
    });
  return { call, close: () => client.close() };
}

async function each(items, work) {
  const queue = [...items];
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
}

/** @returns {Promise<object[]>} records of a history */
export async function readOutside(system, customers) {
  const at = (offset) => `127.0.0.1:${system.base + 250 + offset}`;
  const clients = {
    crm: callerOf('crm', 'CrmService', at(3)),
    erp: callerOf('erp', 'ErpService', at(4)),
    consent: callerOf('consent', 'ConsentService', at(5)),
    audit: callerOf('audit', 'AuditService', at(6)),
  };
  const records = [];
  const add = (record) => records.push({ at: Date.now(), ...record });
  try {
    await each(customers, async (customer) => {
      await readCrm(clients.crm, customer, add);
      await readOrders(clients.erp, customer, add);
      await readAudit(clients.audit, customer, add);
      if (customer.stops) await readConsent(clients.consent, customer, add);
    });
    await readWrites(system, add);
    const { entries, problems } = await clients.audit.call('verify', { chain: '' }, PATIENCE_MS.all);
    add({ t: 'audit-verified', entries, problems: problems.map(({ kind }) => kind) });
  } finally {
    for (const client of Object.values(clients)) client.close();
  }
  return records;
}

async function readCrm(crm, { phone, waId }, add) {
  const { entries } = await crm.call('listConversationEntries', { phone, limit: 1000 });
  for (const { wamid, direction, message_id: messageId } of entries)
    add({ t: 'entry', waId, wamid, direction, messageId });
  const { tasks } = await crm.call('listTasks', { phone });
  for (const { subject } of tasks) add({ t: 'task', waId, subject });
  const { tickets } = await crm.call('listTickets', { phone });
  for (const { id, reason } of tickets) add({ t: 'ticket', waId, id, reason });
}

async function readOrders(erp, { id, steps }, add) {
  const asked = steps.flat().filter(({ kind }) => kind === 'cancel');
  if (asked.length === 0) return;
  const queries = asked.map(({ order }) => ({ number: order, customer_ids: [id] }));
  const { results } = await erp.call('getOrders', { queries });
  results.forEach(({ order }, n) => add({ t: 'order', order: asked[n].order, status: order?.status ?? 'missing' }));
}

/** Every write the ERP has done, by the order it was about: two for one order are two effects. */
async function readWrites(system, add) {
  const client = new pg.Client({ connectionString: system.databaseUrl('erp') });
  await client.connect();
  try {
    const sql = `select answer->'answer'->>'number' as "order", count(*)::int as times from erp.idempotency
      where answer ? 'answer' and answer->'answer'->>'status' = 'cancelled' group by 1`;
    for (const { order, times } of (await client.query(sql)).rows) add({ t: 'cancelled', order, times });
    const refused = await client.query(`select count(*)::int as n from erp.idempotency where answer ? 'refusal'`);
    add({ t: 'erp-refusals', times: refused.rows[0].n });
  } finally {
    await client.end();
  }
}

async function readAudit(audit, { phone, waId }, add) {
  for (let token = '', pages = 0; pages < 50; pages += 1) {
    const page = await audit.call('query', { customer: phone, limit: 500, page_token: token });
    for (const { topic, action, request_ids: ids } of page.entries) add({ t: 'audit', waId, topic, action, ids });
    token = page.next_page_token;
    if (token === '') return;
  }
}

async function readConsent(consent, { waId }, add) {
  const contact = { phone_number_id: '106540352242922', wa_id: waId, user_id: '', profile_name: '' };
  const { allowed, reason } = await consent.call('check', { contact, purpose: 'marketing' });
  add({ t: 'consent', waId, allowed, reason });
}
