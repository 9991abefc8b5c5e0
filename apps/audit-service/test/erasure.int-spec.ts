import { AppError } from '@parley/errors';
import { Database, Inbox, MasterKey, PersonVault, type ServiceSchema } from '@parley/postgres';
import { FakeClock, testDatabase, type TestDatabase } from '@parley/testing';
import type { Evidence } from '../src/domain/evidence.js';
import type { ErasedTable, Erasure } from '../src/domain/statement.js';
import type { Subject } from '../src/domain/subject.js';
import { migrations } from '../src/migrations/index.js';
import { Ed25519Signer } from '../src/outbound/ed25519/ed25519-signer.js';
import { PostgresErasures } from '../src/outbound/postgres/postgres-erasures.js';
import { PostgresHeads } from '../src/outbound/postgres/postgres-heads.js';
import { PostgresTrail } from '../src/outbound/postgres/postgres-trail.js';
import { VaultPersons } from '../src/outbound/vault/vault-persons.js';
import { Holders, type KnownCustomer } from '../src/ports/holders.port.js';
import { AppendEvidence } from '../src/usecases/append-evidence.js';
import { ErasePersons, type Erased } from '../src/usecases/erase-persons.js';
import { QueryEntries } from '../src/usecases/query-entries.js';
import { RecordOwn } from '../src/usecases/record-own.js';
import { VerifyChains } from '../src/usecases/verify-chains.js';

const SCHEMA: ServiceSchema = { name: 'audit-service', schema: 'audit', role: 'parley_audit', migrations };
const MASTER_KEY = MasterKey.fromText(Buffer.alloc(32, 8).toString('base64'));
const SIGNER = Ed25519Signer.fromSeed(Buffer.alloc(32, 8));
const TOPIC = 'conversation.events';

/** Services that hold two rows about everybody, and a CRM of two customers; they answer when they are there. */
class TwoHolders extends Holders {
  there = true;
  readonly told: Erasure[] = [];
  readonly known: KnownCustomer[] = [
    { id: 'cus-maya', phone: '+12125550101', whatsappUserId: '', email: 'home@example.com' },
    { id: 'cus-tom', phone: '+12125550109', whatsappUserId: '', email: 'home@example.com' },
  ];

  override async customers(subjects: readonly Subject[]): Promise<KnownCustomer[][]> {
    return subjects.map(({ value }) => this.known.filter((one) => [one.id, one.phone, one.email].includes(value)));
  }

  override async erase(erasures: readonly Erasure[]): Promise<Map<string, readonly ErasedTable[]>[]> {
    if (!this.there) throw new AppError({ code: 'UNAVAILABLE', reason: 'GRPC.UNAVAILABLE', message: 'away' });
    this.told.push(...erasures);
    const rows = [{ table: 'crm.entries', effect: 'deleted', rows: 2n }];
    return erasures.map(() => new Map([['crm-bridge', rows]]));
  }
}

let database: TestDatabase;
let db: Database;
const clock = new FakeClock(new Date());

/** A service of its own, as another replica would be. */
function replica(holders = new TwoHolders()) {
  const persons = new VaultPersons(new PersonVault(db, MASTER_KEY), MASTER_KEY);
  const trail = new PostgresTrail(db, new Inbox('audit'));
  const append = new AppendEvidence(trail, persons, clock);
  const erasures = new PostgresErasures(db, (pseudonym) => persons.tag('customer', pseudonym));
  const own = new RecordOwn(append, clock);
  const erasing = new ErasePersons(persons, holders, erasures, SIGNER, own, clock);
  const verify = new VerifyChains(trail, new PostgresHeads(db), SIGNER, clock);
  return { holders, append, erasing, verify, query: new QueryEntries(trail, persons) };
}

let count = 0;
const said = (waId: string, over: Partial<Evidence> = {}): Evidence => ({
  ...{ eventId: `${TOPIC}/${++count}`, topic: TOPIC, action: 'message_recorded', occurredAt: clock.now() },
  ...{ person: { userId: '', waId }, order: '', session: '', requestIds: ['wamid.1'] },
  ...{ metadata: { n: count }, content: `said ${count}`, ...over },
});
const source = { topic: TOPIC, partition: 0, commit: () => Promise.resolve() };
const contents = async (customer: string): Promise<[string, string][]> => {
  const asked = { customer, order: '', session: '', requestId: '', limit: 0, pageToken: '' };
  const { entries } = await replica().query.run(asked);
  return entries.map(({ entry, content }) => [entry.action, content]);
};
const erase = (from: ReturnType<typeof replica>, ...persons: string[]): Promise<Erased[]> =>
  from.erasing.run({ persons, reason: 'asked by ada@example.com', requestedBy: 'officer', dryRun: false });

beforeAll(async () => {
  database = await testDatabase([SCHEMA]);
  db = database.database('audit');
}, 60_000);
beforeEach(() => clock.advance(1000));
afterAll(() => database?.close());

describe('an erasure', () => {
  it('makes what was said unreadable, signs what was done, and leaves the chain whole', async () => {
    const { append, verify, ...service } = replica();
    await append.run([said('12125550101'), said('12125550101'), said('12125550109')], source);
    clock.advance(1000);
    const [result] = await erase({ append, verify, ...service }, '+1 (212) 555-0101');
    expect(result?.outcome).toBe('erased');
    const { statement } = result!;
    expect(SIGNER.verifies(statement!.text, statement!)).toBe(true);
    expect(JSON.parse(statement!.text)).toMatchObject({
      ...{ kind: 'parley erasure statement 1', requestedBy: 'officer', reason: 'asked by •••@•••' },
      ...{ key: { destroyed: 1 }, person: { customers: 0 } },
      tables: [
        { service: 'crm-bridge', table: 'crm.entries', effect: 'deleted', rows: 2 },
        { service: 'audit-service', table: 'audit.entry', effect: 'unreadable', rows: 2 },
      ],
    });
    expect(statement!.text).not.toContain('12125550101');
    expect(await contents('+12125550101')).toEqual([
      ['message_recorded', ''],
      ['message_recorded', ''],
      ['person_erased', expect.any(String)],
    ]);
    expect((await contents('+12125550109')).map(([, content]) => content)).toEqual([expect.stringContaining('said')]);
    expect(await verify.run()).toMatchObject({ problems: [] });
  });

  it('is told apart: of somebody unknown, of an address of several, of somebody erased before', async () => {
    const { append, ...service } = replica();
    await append.run([said('12125550101'), said('12125550109')], source);
    const all = ['+12125559999', 'home@example.com', 'cus-tom', '+12125550109'];
    const results = await erase({ append, ...service }, ...all);
    expect(results.map(({ outcome }) => outcome)).toEqual(['unknown', 'ambiguous', 'erased', 'erased']);
    // Named twice, erased once.
    expect(results[3]?.statement?.text).toBe(results[2]?.statement?.text);
    expect(service.holders.told.map(({ customerIds }) => customerIds)).toEqual([['cus-tom']]);
    const again = await erase({ append, ...service }, 'cus-tom');
    expect(again).toEqual([{ outcome: 'erased-before', statement: results[2]?.statement }]);
    const dry = { persons: all, reason: '', requestedBy: '', dryRun: true };
    expect((await service.erasing.run(dry)).map(({ outcome }) => outcome)).toEqual([
      ...['unknown', 'known', 'erased-before', 'erased-before'],
    ]);
  });

  it('destroys the key even while a service is away, and is finished when it is back', async () => {
    const service = replica();
    await service.append.run([said('33600000001')], source);
    service.holders.there = false;
    await expect(erase(service, '+33600000001')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await contents('+33600000001')).toEqual([['message_recorded', '']]);
    service.holders.there = true;
    clock.advance(1000);
    expect(await service.erasing.resume(clock.now())).toBe(1);
    expect(await service.erasing.resume(clock.now())).toBe(0);
    expect(await erase(service, '+33600000001')).toMatchObject([{ outcome: 'erased-before' }]);
    expect(service.holders.told).toHaveLength(1);
  });

  it('holds for what was on its way, and whoever writes again is somebody new', async () => {
    const service = replica();
    const before = clock.now();
    await service.append.run([said('33600000002')], source);
    clock.advance(1000);
    await erase(service, '+33600000002');
    await service.append.run([said('33600000002', { occurredAt: before, content: 'was on its way' })], source);
    expect(await erase(service, '+33600000002')).toMatchObject([{ outcome: 'erased-before' }]);
    clock.advance(1000);
    await service.append.run([said('33600000002', { content: 'I am back' })], source);
    const read = (await contents('+33600000002')).map(([, content]) => content).filter((text) => text !== '');
    expect(read).toEqual(['I am back']);
    expect(await erase(service, '+33600000002')).toMatchObject([{ outcome: 'erased' }]);
  });

  it('takes a hundred at once, and no more', async () => {
    const service = replica();
    const phones = Array.from({ length: 100 }, (_, n) => `3361${1_000_000 + n}`);
    await service.append.run(
      phones.map((phone) => said(phone)),
      source,
    );
    const results = await erase(service, ...phones.map((phone) => `+${phone}`));
    expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(['erased']));
    expect(new Set(results.map(({ statement }) => statement?.text)).size).toBe(100);
    await expect(erase(service, ...phones, '+33')).rejects.toMatchObject({ reason: 'AUDIT.BAD_PERSONS' });
    await expect(erase(service, ' ')).rejects.toMatchObject({ reason: 'AUDIT.BAD_PERSONS' });
  });
});
