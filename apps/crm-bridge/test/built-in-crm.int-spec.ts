import { PersonVault } from '@parley/postgres';
import { eventually, FakeClock, testMasterKey } from '@parley/testing';
import { demoCustomers } from '../src/outbound/built-in/demo/demo-customers.js';
import { at, contact, customer, entry, lookup, MAYA, START, ticket } from '../src/ports/subject.contract.js';
import { CrmUnderTest } from './subject.js';

const clock = new FakeClock(START);
const everything = { customerId: '', phone: '', whatsappUserId: '', status: '' };
const receipt = { commitIn: async () => undefined };
let under: CrmUnderTest;
beforeAll(async () => {
  under = await CrmUnderTest.start();
}, 60_000);
afterAll(() => under.close());

describe('the built-in CRM', () => {
  it('opens one ticket when many ask at once under one key', async () => {
    const { work } = await under.empty(clock);
    const other = under.connect(clock).work;
    const opened = await Promise.all(
      [1, 2, 3, 4].flatMap(() => [work, other].map((one) => one.openTicket(ticket('k1')))),
    );
    expect(new Set(opened.map(({ id }) => id)).size).toBe(1);
    expect(await work.tickets(everything)).toHaveLength(1);
  });

  it('writes nothing of a batch whose position cannot be committed, and all of it the next time', async () => {
    const { journal, conversations, work } = await under.empty(clock);
    const facts = [
      { eventId: 'e1', entry: entry('wamid.1') },
      { eventId: 'e2', ticket: ticket('h1') },
    ];
    const lost = { commitIn: () => Promise.reject(new Error('Somebody else owns the partition.')) };
    await expect(journal.conversation(facts, lost)).rejects.toThrow('Somebody else');
    expect(await conversations.list(contact(MAYA), 10)).toEqual([]);
    await journal.conversation(facts, receipt);
    expect(await conversations.list(contact(MAYA), 10)).toHaveLength(1);
    expect(await work.tickets(everything)).toHaveLength(1);
  });

  it('tells no change before one that began earlier and commits later', async () => {
    const { changes, customers } = await under.empty(clock);
    const slow = under.database();
    const began = Promise.withResolvers<void>();
    const end = Promise.withResolvers<void>();
    const late = slow.transaction(async (tx) => {
      await tx.query(`insert into changes (kind, id) values ('task', 'late')`);
      began.resolve();
      await end.promise;
    });
    await began.promise;
    await customers.load([customer('a', { phone: MAYA })]);
    expect(await changes.poll('', 10)).toEqual({ changes: [], cursor: '' });
    end.resolve();
    await late;
    const ids = async () => (await changes.poll('', 10)).changes.map(({ id }) => id);
    await eventually(async () => expect(await ids()).toEqual(['late', 'a']));
  });

  it('takes over a batch of a thousand', async () => {
    const { journal, conversations } = await under.empty(clock);
    const facts = Array.from({ length: 1000 }, (_, n) => ({ eventId: `e${n}`, entry: entry(`m${n}`, { at: at(n) }) }));
    await journal.conversation(facts, receipt);
    expect(await conversations.list(contact(MAYA), 5000)).toHaveLength(1000);
  });

  it('finds a thousand at once', async () => {
    const { customers } = await under.empty(clock);
    const rows = Array.from({ length: 1000 }, (_, n) =>
      customer(`c${n}`, { phone: `+1212555${String(n).padStart(4, '0')}` }),
    );
    await customers.load(rows);
    const found = await customers.find(rows.map(({ phone }) => lookup({ phone })));
    expect(found.map(([one]) => one?.id)).toEqual(rows.map(({ id }) => id));
  });

  it('has nobody any more who has been erased', async () => {
    const { customers, conversations } = await under.empty(clock);
    await customers.load([customer('a', { phone: '+551190100199' }), customer('b', { phone: '+34600100199' })]);
    await conversations.log([entry('m1', { contact: contact('5511990100199') })]);
    const vault = new PersonVault(under.connectDatabase(), testMasterKey());
    expect(await vault.erase(vault.lookupHash('wa_id', '5511990100199'))).toBe(true);
    const fresh = under.connect(clock);
    const found = await fresh.customers.find([lookup({ id: 'a' }), lookup({ id: 'b' })]);
    expect(found.map((one) => one.length)).toEqual([0, 1]);
    expect(await fresh.conversations.list(contact('+5511990100199'), 10)).toEqual([]);
  });

  it('writes demonstration customers once, also by replicas that start together', async () => {
    const first = await under.empty(clock);
    const replicas = [first, under.connect(clock), under.connect(clock)];
    const written = await Promise.all(replicas.map(({ customers }) => customers.writeDemo(demoCustomers(clock.now()))));
    expect(written.filter(Boolean)).toHaveLength(1);
    const found = await first.customers.find([
      lookup({ phone: '+33600100104' }),
      lookup({ email: 'ana.souza@example.com' }),
    ]);
    expect(found.map(([one]) => one?.id)).toEqual(['cus-camille', 'cus-ana']);
    expect(await first.customers.load([customer('cus-camille')])).toEqual({ written: 1, unchanged: 0 });
  });
});
