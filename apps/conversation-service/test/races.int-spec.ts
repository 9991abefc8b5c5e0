import { unavailable } from '@parley/errors';
import { FakeClock, type TestDatabase } from '@parley/testing';
import { describeRaces } from './races.contract.js';
import { conversationDatabase, deliver, instance, listen, rows, said, START, type Instance } from './subject.js';

describeRaces('the embedded log', async () => {
  const database = await conversationDatabase();
  const admin = database.database('public');
  return {
    database,
    start: () => instance(database),
    refusesOldEpochs: true,
    // It says nothing any more, and its lease runs out now instead of in 3.5 s.
    giveUp: async ({ db }) => {
      const query = db.query.bind(db);
      const silent: typeof db.query = (sql, params) =>
        sql.includes('bus.heartbeat') ? Promise.reject(unavailable('POSTGRES.UNAVAILABLE', 'cut')) : query(sql, params);
      Object.assign(db, { query: silent });
      await admin.query(`update bus.members set expires = now() - interval '1 s' where topic = 'whatsapp.inbound'`);
    },
    close: () => database.close(),
  };
});

describe('the first messages of new customers, to two replicas at once', () => {
  let database: TestDatabase;
  let replicas: [Instance, Instance];

  beforeAll(async () => {
    database = await conversationDatabase();
    replicas = [instance(database, new FakeClock(START)), instance(database, new FakeClock(START))];
    // Both have their topic keys before more transactions run at once than the pool has connections.
    for (const [at, one] of replicas.entries()) await deliver(one, said({ id: `wamid.warm.${at}`, waId: '49160' }));
  });
  afterAll(async () => {
    for (const one of replicas) await one.close();
    await database.close();
  });

  const phone = (n: number) => ({ waId: `49170${n}` });
  const user = (n: number) => ({ userId: `DE.${n}` });
  const both = (n: number) => ({ ...phone(n), ...user(n) });
  // What each of the two replicas sees first, and what links the two at the latest.
  const kinds = {
    'phone and phone': [phone, phone],
    'phone and both': [phone, both],
    'user id and both': [user, both],
  };
  const more = {
    'both and phone': [both, phone],
    'both and user id': [both, user],
    'phone and user id': [phone, user],
  };

  it.each(Object.entries({ ...kinds, ...more }))('make one conversation each (%s)', async (kind, [first, second]) => {
    const [one, two] = replicas;
    const left = await listen(one.bus, kind);
    const before = await rows(one.db);
    const offset = 100 * Object.keys({ ...kinds, ...more }).indexOf(kind);
    const people = Array.from({ length: 10 }, (_, n) => offset + n);
    const id = (n: number, which: string): string => `wamid.${kind.replaceAll(' ', '-')}.${n}.${which}`;
    await Promise.all(
      people.flatMap((n) => [
        deliver(one, said({ id: id(n, 'a'), ...first!(n) })),
        deliver(two, said({ id: id(n, 'b'), ...second!(n) })),
      ]),
    );
    // Whoever wrote under one key only is known to be the same person with the next message, which has both.
    await Promise.all(people.map((n) => deliver(n % 2 ? one : two, said({ id: id(n, 'c'), ...both(n) }))));
    const after = await rows(one.db);
    expect(after.conversations - before.conversations).toBe(people.length);
    expect(after.messages.length - before.messages.length).toBe(people.length * 6);
    expect(left.sends.length).toBeLessThanOrEqual(after.messages.length / 2);
  });
});
