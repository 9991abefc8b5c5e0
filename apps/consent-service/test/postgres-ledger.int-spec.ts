import { InMemoryEventBus, type OutgoingRecord } from '@parley/event-bus';
import { Inbox, MasterKey, PersonVault, type Database, type ServiceSchema, type Tx } from '@parley/postgres';
import { testDatabase, type TestDatabase } from '@parley/testing';
import type { InboundItem } from '../src/domain/inbound.js';
import { migrations } from '../src/migrations/index.js';
import { PostgresLedger } from '../src/outbound/postgres/postgres-ledger.js';
import { SystemClock } from '../src/outbound/system/system-clock.js';
import { VaultPersons } from '../src/outbound/vault/vault-persons.js';
import { describeLedger } from '../src/ports/ledger.port.contract.js';
import { CheckConsent } from '../src/usecases/check-consent.js';
import { RecordConsent } from '../src/usecases/record-consent.js';
import { TakeInbound } from '../src/usecases/take-inbound.js';

const SCHEMA: ServiceSchema = { name: 'consent-service', schema: 'consent', role: 'parley_consent', migrations };
const MASTER_KEY = MasterKey.fromText(Buffer.alloc(32, 7).toString('base64'));

class ListeningBus extends InMemoryEventBus {
  readonly appended: OutgoingRecord[] = [];

  override append(_tx: Tx, records: OutgoingRecord[]): Promise<void> {
    this.appended.push(...records);
    return Promise.resolve();
  }
}

let database: TestDatabase;
let db: Database;
const bus = new ListeningBus();
let persons: VaultPersons;
let ledger: PostgresLedger;

beforeAll(async () => {
  database = await testDatabase([SCHEMA]);
  db = database.database('consent');
  persons = new VaultPersons(new PersonVault(db, MASTER_KEY));
  ledger = new PostgresLedger(db, new Inbox('consent'), bus);
});

afterAll(async () => {
  await bus.close();
  await database.close();
});

describeLedger('PostgresLedger', () => ({ ledger, persons, announced: () => Promise.resolve(bus.appended) }));

const AT = new Date('2026-11-22T10:00:00Z');
const record = (): RecordConsent => new RecordConsent(ledger, persons, new SystemClock());
let people = 0;
const somebody = () => ({ phoneNumberId: '1066', userId: '', waId: `33600${1000 + ++people}` });
const optOut = (contact: ReturnType<typeof somebody>, idempotencyKey: string) => ({
  ...{ contact, purpose: 'all', granted: false, at: AT, source: 'flow', evidenceRef: '', idempotencyKey },
});

function stop(contact: InboundItem['contact'], itemId: string): InboundItem {
  const times = { sentAt: AT, receivedAt: AT };
  return { itemId, field: 'messages', contact, texts: ['STOP'], preferences: [], alsoKnownAs: [], ...times };
}

describe('the ledger on Postgres', () => {
  it.each([
    'update consent.ledger set granted = true',
    'delete from consent.ledger',
    'delete from consent.ledger_identity',
    'update consent.identity_link set linked = identity',
    'truncate consent.ledger cascade',
    'alter table consent.ledger disable trigger all',
  ])('refuses "%s" to its own role', async (sql) => {
    const contact = somebody();
    await record().run({ ...optOut(contact, `wamid.keep.${sql}`), contact: { ...contact, userId: `FR.${people}` } });
    await expect(db.query(sql)).rejects.toMatchObject({ reason: 'POSTGRES.FAILED', details: { sqlstate: '42501' } });
  });

  it('holds no personal data in the clear', async () => {
    const contact = { phoneNumberId: '1066', userId: 'FR.31415926535', waId: '33612345678' };
    await record().run(optOut(contact, 'wamid.clear'));
    const tables = ['ledger', 'ledger_identity', 'identity_link', 'inbox'];
    const dump = await Promise.all(tables.map((table) => db.query(`select t::text as row from ${table} t`)));
    const text = JSON.stringify(dump);
    for (const secret of [contact.waId, contact.userId, Buffer.from(contact.waId).toString('hex')]) {
      expect(text).not.toContain(secret);
    }
  });

  it('takes one opt-out from the brain and from the inbound log at the same moment as one entry', async () => {
    for (let round = 0; round < 10; round++) {
      const contact = somebody();
      const wamid = `wamid.both.${round}`;
      const before = bus.appended.length;
      const take = new TakeInbound(ledger, persons);
      await Promise.all([
        record().run(optOut(contact, wamid)),
        take.run([stop(contact, wamid)], () => Promise.resolve()),
        take.run([stop(contact, wamid)], () => Promise.resolve()),
      ]);
      expect(await ledger.entriesOf(persons.hashes(contact))).toHaveLength(1);
      expect(bus.appended.length - before).toBe(1);
    }
  });

  it('announces one change when several different opt-outs of one person race', async () => {
    const contact = somebody();
    const runs = Array.from({ length: 5 }, (_, n) => record().run(optOut(contact, `wamid.race.${n}`)));
    const written = await Promise.all(runs);
    expect(written.filter(({ changed }) => changed)).toHaveLength(1);
    expect(await ledger.entriesOf(persons.hashes(contact))).toHaveLength(5);
  });

  it('writes a batch of 500 opt-outs in one transaction', async () => {
    const contacts = Array.from({ length: 500 }, somebody);
    const items = contacts.map((contact, n) => stop(contact, `wamid.bulk.${n}`));
    const written = await new TakeInbound(ledger, persons).run(items, () => Promise.resolve());
    expect(written.filter(({ created, changed }) => created && changed)).toHaveLength(500);
    const check = new CheckConsent(ledger, persons);
    expect(await check.run(contacts[499]!, 'utility')).toMatchObject({ allowed: false, reason: 'withdrawn' });
  });

  it('tells who, what, when and why in the event', async () => {
    const contact = { phoneNumberId: '1066', userId: 'FR.27182818', waId: '33611112222' };
    const { entryId } = await record().run(optOut(contact, 'wamid.event'));
    const event = bus.appended.find(({ id }) => id === entryId);
    expect(event).toMatchObject({
      key: '1066:FR.27182818',
      value: { entryId, contact, purpose: 'all', granted: false, at: AT, source: 'flow', evidenceRef: 'wamid.event' },
    });
  });
});
