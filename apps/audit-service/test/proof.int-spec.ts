import { randomUUID } from 'node:crypto';
import { Database, Inbox, MasterKey, PersonVault, type ServiceSchema } from '@parley/postgres';
import { FakeClock, testDatabase, type TestDatabase } from '@parley/testing';
import { hashOf } from '../src/domain/chain.js';
import type { Entry, Evidence } from '../src/domain/evidence.js';
import { rootFrom } from '../src/domain/merkle.js';
import { headText } from '../src/domain/signed.js';
import { migrations } from '../src/migrations/index.js';
import { Ed25519Signer } from '../src/outbound/ed25519/ed25519-signer.js';
import { PostgresHeads } from '../src/outbound/postgres/postgres-heads.js';
import { PostgresTrail } from '../src/outbound/postgres/postgres-trail.js';
import { VaultPersons } from '../src/outbound/vault/vault-persons.js';
import { AppendEvidence } from '../src/usecases/append-evidence.js';
import { ExportEntries } from '../src/usecases/export-entries.js';
import { QueryEntries } from '../src/usecases/query-entries.js';
import { RecordOwn } from '../src/usecases/record-own.js';
import { RetireDays } from '../src/usecases/retire-days.js';
import { SignDays } from '../src/usecases/sign-days.js';
import { VerifyChains } from '../src/usecases/verify-chains.js';

const SCHEMA: ServiceSchema = { name: 'audit-service', schema: 'audit', role: 'parley_audit', migrations };
const MASTER_KEY = MasterKey.fromText(Buffer.alloc(32, 6).toString('base64'));
const SIGNER = Ed25519Signer.fromSeed(Buffer.alloc(32, 6));
const TOPIC = 'conversation.events';
const DAY_MS = 86_400_000;
const dayOf = (moment: Date): string => moment.toISOString().slice(0, 10);
// Days of long ago, so that their time is over too; the partitions of such days are made by hand.
const BEGAN = new Date(`${dayOf(new Date(Date.now() - 200 * DAY_MS))}T12:00:00Z`);

/** The service makes partitions around today only; those of long ago are made by hand here. */
class OldTrail extends PostgresTrail {
  override prepareDays(): Promise<void> {
    return Promise.resolve();
  }
}

/** A trail in a database of its own: two days of long ago, of two chains each, and today. */
class Station {
  readonly clock = new FakeClock(BEGAN);
  readonly db: Database;
  readonly admin: Database;
  readonly trail: PostgresTrail;
  readonly heads: PostgresHeads;
  readonly sign: SignDays;
  readonly verify: VerifyChains;
  readonly exporting: ExportEntries;
  readonly retire: RetireDays;
  readonly #append: AppendEvidence;
  #count = 0;

  private constructor(private readonly database: TestDatabase) {
    this.db = database.database('audit');
    this.admin = new Database({ url: database.adminUrl, schema: 'audit', applicationName: 'tamperer' });
    const { clock } = this;
    this.trail = new OldTrail(this.db, new Inbox('audit'));
    this.heads = new PostgresHeads(this.db);
    const persons = new VaultPersons(new PersonVault(this.db, MASTER_KEY), MASTER_KEY);
    this.#append = new AppendEvidence(this.trail, persons, clock);
    const own = new RecordOwn(this.#append, clock);
    this.sign = new SignDays(this.heads, SIGNER, clock);
    this.verify = new VerifyChains(this.trail, this.heads, SIGNER, clock);
    const query = new QueryEntries(this.trail, persons);
    this.exporting = new ExportEntries(query, this.trail, this.heads, this.sign, persons, own);
    this.retire = new RetireDays(this.heads, SIGNER, own, clock, 180);
  }

  static async open(): Promise<Station> {
    const station = new Station(await testDatabase([SCHEMA]));
    for (const _day of [1, 2]) {
      const day = dayOf(station.clock.now());
      const name = `entry_${day.replaceAll('-', '')}`;
      const range = `values from ('${day}') to ('${dayOf(new Date(Date.parse(day) + DAY_MS))}')`;
      await station.admin.query(`create table ${name} partition of entry for ${range}`);
      await station.admin.query(`grant select, insert on ${name} to parley_audit`);
      await station.append(0, 5);
      await station.append(1, 3);
      station.clock.set(new Date(station.clock.now().getTime() + DAY_MS));
    }
    station.clock.set(new Date());
    await station.append(0, 4);
    return station;
  }

  append(partition: number, count: number, over: Partial<Evidence> = {}): Promise<number> {
    const evidence = Array.from({ length: count }, () => {
      const n = ++this.#count;
      const person = { userId: '', waId: '33611000222' };
      const known = {
        eventId: `${TOPIC}/${n}`,
        topic: TOPIC,
        action: 'message_recorded',
        occurredAt: this.clock.now(),
      };
      return {
        ...known,
        person,
        order: '1234',
        session: 's',
        requestIds: [],
        metadata: { n },
        content: `no ${n}`,
        ...over,
      };
    });
    return this.#append.run(evidence, { topic: TOPIC, partition, commit: () => Promise.resolve() });
  }

  /** As somebody who may do anything in the database; triggers are out of his way. */
  async tamper(sql: string, params: unknown[] = []): Promise<void> {
    await this.admin.transaction(async (tx) => {
      await tx.query('set local session_replication_role = replica');
      await tx.query(sql, params);
    });
  }

  async problems(): Promise<[string, number, string][]> {
    const { problems } = await this.verify.run();
    return problems.map(({ chain, sequence, kind }) => [chain, Number(sequence), kind]);
  }

  async close(): Promise<void> {
    await this.admin.close();
    await this.database.close();
  }
}

const FIRST = dayOf(BEGAN);
const SECOND = dayOf(new Date(BEGAN.getTime() + DAY_MS));
const TODAY = dayOf(new Date());
const chain = (day: string, partition: number): string => `${day}/${TOPIC}/${partition}`;

let station: Station;
beforeEach(async () => {
  station = await Station.open();
}, 60_000);
afterEach(() => station?.close());

describe('daily heads', () => {
  it('are signed for each day that is over, once, whoever tries', async () => {
    expect((await station.verify.run()).problems.map(({ kind }) => kind)).toEqual(['not-signed', 'not-signed']);
    const signed = await station.sign.run();
    expect(signed).toMatchObject([
      { day: FIRST, chains: 2, entries: 8n },
      { day: SECOND, chains: 2, entries: 8n },
    ]);
    expect(await station.sign.run()).toEqual([]);
    expect(await station.verify.run()).toEqual({ chains: 5, entries: 20n, problems: [], signedDays: 2 });
  });

  it('close their day: who is late writes into the next one', async () => {
    await station.sign.run();
    station.clock.set(BEGAN);
    await expect(station.append(0, 1)).rejects.toMatchObject({ details: { sqlstate: '42501' } });
  });

  it.each([
    'update signed_head set sequence = 1',
    'delete from signed_day',
    'delete from closed_day',
    'truncate signed_head',
  ])('refuse "%s" to the role of the service', async (sql) => {
    await station.sign.run();
    await expect(station.db.query(sql)).rejects.toMatchObject({ details: { sqlstate: '42501' } });
  });

  it('of today are signed when somebody asks, and not stored', async () => {
    await station.sign.run();
    const heads = await station.sign.now(await station.trail.heads(chain(TODAY, 0)));
    expect(heads).toMatchObject([{ chain: chain(TODAY, 0), sequence: 4n }]);
    expect(SIGNER.verifies(headText(heads[0]!), heads[0]!)).toBe(true);
    expect((await station.heads.signatures()).heads).toHaveLength(4);
  });
});

describe('verify', () => {
  const at = (sequence: number): string => `where chain = '${chain(SECOND, 0)}' and sequence = ${sequence}`;

  it('names the row of which one byte was changed', async () => {
    await station.sign.run();
    await station.tamper(`update entry set sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1) ${at(3)}`);
    expect(await station.problems()).toEqual([[chain(SECOND, 0), 3, 'hash-mismatch']]);
  });

  it('names a row that was removed, in the middle and at the end of a day that is over', async () => {
    await station.sign.run();
    await station.tamper(`delete from entry ${at(2)}`);
    expect(await station.problems()).toEqual([[chain(SECOND, 0), 2, 'gap']]);
    await station.tamper(`delete from entry ${at(5)}`);
    // With the end of the chain set back, so that the service itself would not notice.
    await station.tamper(`update chain_head h set sequence = 4, hash = e.hash from entry e
      where h.chain = e.chain and e.chain = '${chain(SECOND, 0)}' and e.sequence = 4`);
    expect(await station.problems()).toEqual([
      [chain(SECOND, 0), 2, 'gap'],
      [chain(SECOND, 0), 5, 'gap'],
    ]);
  });

  it('names rows that changed places', async () => {
    await station.sign.run();
    await station.tamper(
      `update entry set sequence = 99 ${at(2)}; update entry set sequence = 2 ${at(3)}; update entry set sequence = 3 ${at(99)}`,
    );
    const problems = await station.problems();
    expect(problems).toEqual(expect.arrayContaining([[chain(SECOND, 0), 2, 'hash-mismatch']]));
    expect(problems).toEqual(expect.arrayContaining([[chain(SECOND, 0), 3, 'hash-mismatch']]));
  });

  it('names a row that was inserted behind the end, also with a hash that is right', async () => {
    await station.sign.run();
    const forge = async (day: string, partition: number): Promise<void> => {
      const entries: Entry[] = [];
      for await (const batch of station.trail.read(chain(day, partition))) entries.push(...batch);
      const last = entries.at(-1)!;
      const forged = { ...last, sequence: last.sequence + 1n, eventId: randomUUID(), prevHash: last.hash };
      await station.tamper(
        `insert into entry select day, chain, $1::bigint, $2::text, topic, action, occurred_at, recorded_at, customer,
           order_number, session, tags, metadata, sealed, hash, $3::bytea from entry where chain = $4 and sequence = $5`,
        [forged.sequence, forged.eventId, hashOf(forged), forged.chain, last.sequence],
      );
    };
    await forge(SECOND, 1);
    await forge(TODAY, 0);
    expect(await station.problems()).toEqual([
      [chain(SECOND, 1), 4, 'inserted'],
      [chain(TODAY, 0), 5, 'inserted'],
    ]);
  });

  it('names a chain that was removed with all that was known of it, and one that was made up', async () => {
    await station.sign.run();
    for (const table of ['entry', 'chain_head', 'signed_head']) {
      await station.tamper(`delete from ${table} where chain = '${chain(SECOND, 1)}'`);
    }
    expect(await station.problems()).toEqual([[SECOND, 0, 'heads-changed']]);
    await station.tamper(
      `insert into entry select day, $1, sequence, event_id, topic, action, occurred_at, recorded_at,
      customer, order_number, session, tags, metadata, sealed, prev_hash, hash from entry where chain = $2`,
      [chain(SECOND, 7), chain(SECOND, 0)],
    );
    expect(await station.problems()).toEqual(expect.arrayContaining([[chain(SECOND, 7), 1, 'inserted']]));
  });

  it('names a day that was removed as a whole', async () => {
    await station.sign.run();
    for (const table of ['entry', 'signed_head', 'signed_day', 'closed_day']) {
      await station.tamper(`delete from ${table} where day = '${FIRST}'`);
    }
    await station.tamper(`delete from chain_head where starts_with(chain, '${FIRST}')`);
    const problems = await station.problems();
    expect(problems).toEqual(expect.arrayContaining([[SECOND, 0, 'broken-link']]));
  });

  it('names a head that was signed by somebody else', async () => {
    await station.sign.run();
    const { heads } = await station.heads.signatures();
    const head = heads.find((each) => each.chain === chain(SECOND, 1))!;
    const { keyId, signature } = Ed25519Signer.fromSeed(Buffer.alloc(32, 9)).sign(headText(head));
    await station.tamper('update signed_head set key_id = $1, signature = $2 where chain = $3', [
      keyId,
      signature,
      head.chain,
    ]);
    expect(await station.problems()).toEqual([[chain(SECOND, 1), 3, 'bad-signature']]);
  });
});

describe('retention', () => {
  it('drops the partitions of days whose time is over, notes it, and the signed heads still hold', async () => {
    await station.sign.run();
    expect(await station.retire.run()).toMatchObject([{ day: FIRST }, { day: SECOND }]);
    expect(await station.retire.run()).toEqual([]);
    const left = await station.admin.query(
      `select 1 from pg_class where relname = 'entry_${FIRST.replaceAll('-', '')}'`,
    );
    expect(left).toEqual([]);
    expect(await station.verify.run()).toMatchObject({ chains: 2, entries: 6n, problems: [], signedDays: 2 });
    const noted = await station.db.query(
      "select metadata->>'day' as day from entry where action = 'day_retired' order by 1",
    );
    expect(noted).toEqual([{ day: FIRST }, { day: SECOND }]);
  });

  it('does not believe a drop that the service has not signed', async () => {
    await station.sign.run();
    await station.tamper(`insert into retired_day values ('${FIRST}', 2, 8, now(), 'nobody', '\\x00')`);
    await station.tamper(`delete from entry where day = '${FIRST}'`);
    expect((await station.problems()).map(([where, , kind]) => [where, kind])).toEqual(
      expect.arrayContaining([
        [FIRST, 'bad-signature'],
        [chain(FIRST, 0), 'gap'],
      ]),
    );
  });

  it('never drops what is younger than 90 days, nor a day that is not signed', async () => {
    const recent = dayOf(new Date(Date.now() - 10 * DAY_MS));
    const sql = `select retire_day($1::date, 0, 0, now(), 'k', '\\x00')`;
    await expect(station.db.query(sql, [recent])).rejects.toMatchObject({ reason: 'POSTGRES.FAILED' });
    await expect(station.db.query(sql, [FIRST])).rejects.toMatchObject({ details: { sqlstate: '23503' } });
  });
});

describe('an export', () => {
  it('can be checked alone: every entry by its bytes and its way to a signed root', async () => {
    await station.sign.run();
    const wanted = { customer: '+33611000222', order: '', session: '', requestId: '', limit: 7 };
    const asking = { requestedBy: 'an auditor', exportId: 'export-0001' };
    const heads = new Map<string, Parameters<typeof headText>[0]>();
    let [pageToken, entries] = ['', 0];
    do {
      const page = await station.exporting.run({ ...wanted, ...asking, pageToken });
      for (const head of page.heads) {
        expect(SIGNER.verifies(headText(head), head)).toBe(true);
        heads.set(`${head.chain} ${head.sequence}`, head);
      }
      for (const { entry, headSequence, path } of page.entries) {
        expect(hashOf(entry)).toEqual(entry.hash);
        const { root } = heads.get(`${entry.chain} ${headSequence}`)!;
        expect(rootFrom(entry.hash, Number(entry.sequence) - 1, Number(headSequence), path)).toEqual(root);
      }
      entries += page.entries.length;
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    // Its own record is about the customer too.
    expect(entries).toBe(21);
  });

  it('is on record once, with who asked and for what, and without the phone', async () => {
    const asking = { customer: '+33611000222', order: '', session: '', requestId: '', limit: 0, pageToken: '' };
    for (const _twice of [1, 2])
      await station.exporting.run({ ...asking, requestedBy: 'ada', exportId: 'export-0002' });
    const rows = await station.db.query<{ text: string }>(
      "select metadata::text as text from entry where action = 'evidence_exported'",
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]!.text).toContain('ada');
    expect(rows[0]!.text).not.toContain('33611000222');
  });
});
