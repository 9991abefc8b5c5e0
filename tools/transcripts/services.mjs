// All services of a conversation in one process, on one database, one clock and one bus.
import { consent, crm, erp, intent } from '@parley/contracts';
import { unavailable } from '@parley/errors';
import { Inbox, PersonVault, Vault } from '@parley/postgres';
import { DirectBus } from './direct-bus.mjs';
import { inProcess } from './in-process.mjs';

/** Our own number, as Meta calls it. */
export const PHONE_NUMBER_ID = '106540352242922';

/** @param around what outlives a scene: modules, databases, keys, the trained model, the content */
export async function startServices(around, clock, { defaults, uncancellable }) {
  const bus = new DirectBus(clock);
  const away = new Set();
  const door = (system, service, controller, after) =>
    inProcess(service, controller, { before: () => refuseWhenAway(away, system), after });
  const clients = {
    crm: door('crm', crm.CrmServiceService, await startCrm(around, clock, bus)),
    erp: door('erp', erp.ErpServiceService, startErp(around, clock, bus), vendorRules(uncancellable)),
    consent: door('consent', consent.ConsentServiceService, await startConsent(around, clock, bus)),
    intent: door('intent', intent.IntentServiceService, new around.modules.intent.IntentGrpc(around.parser)),
  };
  await startConversation(around, { clock, bus, clients, defaults });
  return { bus, clients, away };
}

/** An ERP may have reasons of its own not to cancel; the built-in one has none. */
const vendorRules = (uncancellable) => (_method, answer) => {
  const ruled = (order) => (order && uncancellable.has(order.number) ? { ...order, cancellable: false } : order);
  if (answer.results) return { results: answer.results.map(({ order }) => ({ order: ruled(order) })) };
  return answer.orders ? { orders: answer.orders.map(ruled) } : answer;
};

function refuseWhenAway(away, system) {
  if (away.has(system))
    throw unavailable(`${system.toUpperCase()}.UNAVAILABLE`, 'The system behind the bridge is away.');
}

async function startCrm({ modules, databases, keys }, clock, bus) {
  const { builtIn, consume, CrmGrpc, OpenTicket, LoadCustomers } = modules.crm;
  const adapters = builtIn(databases.crm, new Vault(databases.crm, keys), () => clock.now());
  await consume(bus, adapters);
  const { customers, conversations, work, erasure, activities, changes, connector } = adapters;
  const opening = new OpenTicket(customers, work);
  const rest = [activities, changes, connector, opening, new LoadCustomers(customers)];
  return new CrmGrpc(customers, conversations, work, erasure, ...rest);
}

function startErp({ modules, databases, keys }, clock, bus) {
  const { builtIn, ErpGrpc, ImportRecords } = modules.erp;
  const { orders, stock, billing, workOrders, records, connector } = builtIn(
    databases.erp,
    bus,
    new Vault(databases.erp, keys),
    undefined,
    () => clock.now(),
  );
  return new ErpGrpc(orders, stock, billing, workOrders, connector, new ImportRecords(records));
}

async function startConsent({ modules, databases, keys }, clock, bus) {
  const { CheckConsent, ConsentCalls, ConsentGrpc, ListEntries, PostgresLedger } = modules.consent;
  const { RecordConsent, subscribeInbound, TakeInbound, VaultPersons } = modules.consent;
  const ledger = new PostgresLedger(databases.consent, new Inbox('consent'), bus);
  const persons = new VaultPersons(new PersonVault(databases.consent, keys));
  await subscribeInbound(bus, new TakeInbound(ledger, persons));
  const record = new RecordConsent(ledger, persons, clock);
  const list = new ListEntries(ledger, persons);
  return new ConsentGrpc(new ConsentCalls(new CheckConsent(ledger, persons), record, list, ledger));
}

async function startConversation({ modules, databases, keys, content }, { clock, bus, clients, defaults }) {
  const { answering, consumeMessages, ContentBrain, onPostgres, RescueDeadLetter } = modules.conversation;
  const { GrpcConsent, GrpcCustomers, GrpcOrders, GrpcUnderstander } = modules.conversation;
  const brain = new ContentBrain({ current: content }, defaults.timeZone);
  // Language and zone of the number are the scene's.
  brain.defaults = () => defaults;
  const adapters = {
    ...onPostgres(databases.conversation, bus, new PersonVault(databases.conversation, keys)),
    understander: new GrpcUnderstander(clients.intent),
    customers: new GrpcCustomers(clients.crm),
    orders: new GrpcOrders(clients.erp),
    consent: new GrpcConsent(clients.consent),
    clock,
    brain,
  };
  const rescue = new RescueDeadLetter(adapters.conversations, brain, clock);
  await consumeMessages(bus, answering(adapters, [PHONE_NUMBER_ID]), rescue);
}
