import { Inbox, inboxTableSql, Outbox, outboxTableSql, type Database, type OutboxRow } from '../src/index.js';
import { gate, migration, testServer, type TestServer } from './server.js';

const service = {
  name: 'a',
  schema: 'a',
  role: 'parley_a',
  migrations: [migration('CreateBoxes1700000000001', inboxTableSql + outboxTableSql)],
};

let server: TestServer;
let db: Database;

beforeAll(async () => {
  server = await testServer();
  const url = await server.freshDatabase([service]);
  db = server.open({ url, schema: 'a', role: 'parley_a', poolSize: 12 });
});
beforeEach(() => db.query('delete from inbox; delete from outbox'));
afterAll(() => server.close());

describe('Inbox', () => {
  const inbox = new Inbox('brain');

  it('tells new ids from those seen, within and across batches', async () => {
    expect(await db.transaction((tx) => inbox.markNew(tx, ['a', 'b', 'a']))).toEqual(new Set(['a', 'b']));
    expect(await db.transaction((tx) => inbox.markNew(tx, ['b', 'c']))).toEqual(new Set(['c']));
    expect(await inbox.unseen(db, ['a', 'd'])).toEqual(new Set(['d']));
    expect(await inbox.markNew(db, [])).toEqual(new Set());
  });

  it('keeps the marks of consumers apart', async () => {
    await inbox.markNew(db, ['a']);
    expect(await new Inbox('audit').markNew(db, ['a'])).toEqual(new Set(['a']));
  });

  it('forgets a mark whose transaction rolled back', async () => {
    const marked = gate();
    const finish = gate();
    const first = db.transaction(async (tx) => {
      await inbox.markNew(tx, ['a']);
      marked.open();
      await finish.passed;
      throw new Error('crash');
    });
    await marked.passed;
    const second = inbox.markNew(db, ['a']);
    finish.open();
    await expect(first).rejects.toThrow('crash');
    expect(await second).toEqual(new Set(['a']));
  });

  it('gives every id to exactly one of many transactions, whatever order they ask in', async () => {
    const ids = Array.from({ length: 200 }, (_, n) => `m${n}`);
    const runs = Array.from({ length: 10 }, (_, n) =>
      db.transaction((tx) => inbox.markNew(tx, n % 2 ? ids : ids.toReversed())),
    );
    const won = (await Promise.all(runs)).flatMap((marks) => [...marks]);
    expect(won.toSorted()).toEqual(ids.toSorted());
  });

  it('purges only what is old', async () => {
    await inbox.markNew(db, ['old', 'new']);
    await db.query(`update inbox set seen_at = now() - interval '31 days' where id = 'old'`);
    expect(await inbox.purge(db, new Date(Date.now() - 30 * 86_400_000))).toBe(1);
    expect(await inbox.unseen(db, ['old', 'new'])).toEqual(new Set(['old']));
  });
});

describe('Outbox', () => {
  const outbox = new Outbox();
  const row = (key: string, text: string): OutboxRow => ({
    topic: 't',
    key,
    headers: { ce_id: text, quote: '"\\é' },
    value: Buffer.from(text),
  });
  const relay = async (): Promise<string[]> => {
    const rows = await outbox.take(db, 1000);
    await outbox.delete(
      db,
      rows.map(({ id }) => id),
    );
    return rows.map(({ value }) => value.toString());
  };

  it('gives back what was put, until it is deleted', async () => {
    await db.transaction((tx) => outbox.put(tx, [row('k', 'one'), row('k', 'two')]));
    const rows = await outbox.take(db, 10);
    expect(rows[0]).toEqual({ id: expect.any(BigInt) as bigint, ...row('k', 'one') });
    expect(await outbox.depth(db)).toBe(2);
    expect(await relay()).toEqual(['one', 'two']);
    expect(await outbox.take(db, 10)).toEqual([]);
  });

  it('relays in the order of the commits when transactions commit the other way round', async () => {
    const begun = gate();
    const finish = gate();
    // Begins (and has its snapshot) first, puts and commits last.
    const late = db.transaction(async (tx) => {
      await tx.query('select 1 from outbox');
      begun.open();
      await finish.passed;
      await outbox.put(tx, [row('k', 'second')]);
    });
    await begun.passed;
    await db.transaction((tx) => outbox.put(tx, [row('k', 'first')]));
    finish.open();
    await late;
    expect(await relay()).toEqual(['first', 'second']);
  });

  it('makes a later transaction of the same key wait, and skips neither when one in between rolls back', async () => {
    const put = gate();
    const finish = gate();
    const first = db.transaction(async (tx) => {
      await outbox.put(tx, [row('k', '1')]);
      // The put was only sent: once this is answered, it holds the lane.
      await tx.query('select 1');
      put.open();
      await finish.passed;
    });
    await put.passed;
    const second = db.transaction(async (tx) => {
      await outbox.put(tx, [row('k', '2')]);
      throw new Error('rolled back');
    });
    const third = db.transaction((tx) => outbox.put(tx, [row('k', '3')]));
    // A key of another lane is not held up, and relaying it does not skip what is still open.
    const lane = `hashtextextended('t' || chr(31) || k, 0) & 15`;
    const sql = `select k from (select 'k' || n as k from generate_series(1, 99) n) keys
      where ${lane} <> (select ${lane} from (select 'k' as k) held) limit 1`;
    const [other] = await db.query<{ k: string }>(sql);
    await db.transaction((tx) => outbox.put(tx, [row(other?.k ?? '', 'x')]));
    expect(await relay()).toEqual(['x']);
    finish.open();
    await expect(second).rejects.toThrow('rolled back');
    await Promise.all([first, third]);
    expect(await relay()).toEqual(['1', '3']);
  });

  it('keeps the order of the commits per key under many writers and a relay, without deadlock or loss', async () => {
    const keys = Array.from({ length: 30 }, (_, n) => `key-${n}`);
    await db.query(`insert into inbox (consumer, id) select k, '0' from unnest($1::text[]) k`, [keys]);
    // Counts up a row per key, as a conversation's version would be: the number is the order of the commits.
    const count = `update inbox i set id = (i.id::int + 1)::text
      from (select consumer from inbox where consumer = any($1::text[]) order by consumer for update) as locked
      where i.consumer = locked.consumer returning i.consumer as key, i.id as n`;
    const write = async (writer: number): Promise<void> => {
      for (let n = 0; n < 20; n++) {
        const batch = keys.filter((_, k) => (k + writer + n) % 3 === 0);
        await db.transaction(async (tx) => {
          const counted = await tx.query<{ key: string; n: string }>(count, [batch]);
          const rows = counted.map((each) => row(each.key, `${each.key} ${each.n}`));
          await outbox.put(tx, writer % 2 ? rows : rows.toReversed());
        });
      }
    };
    const writing = { done: false };
    const taken: string[] = [];
    const relaying = (async (): Promise<void> => {
      while (!writing.done) taken.push(...(await relay()));
      taken.push(...(await relay()));
    })();
    await Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)));
    writing.done = true;
    await relaying;
    expect(taken).toHaveLength(8 * 20 * 10);
    for (const key of keys) {
      const numbers = taken.filter((text) => text.startsWith(`${key} `)).map((text) => Number(text.split(' ')[1]));
      expect(numbers).toEqual(numbers.map((_, n) => n + 1));
    }
  });
});
