import { MasterKey, TopicKeys } from '../src/index.js';
import { migration, testServer, type TestServer } from './server.js';

const roles = ['a', 'b'].map((schema) => ({
  name: schema,
  schema,
  role: `parley_${schema}`,
  migrations: [migration('Nothing1700000000001', 'select 1')],
}));
const master = MasterKey.generate();

describe('TopicKeys', () => {
  let server: TestServer;
  let url: string;
  const connect = (schema = 'a'): TopicKeys =>
    new TopicKeys(server.open({ url, schema, role: `parley_${schema}` }), MasterKey.fromText(master));

  beforeAll(async () => {
    server = await testServer();
    url = await server.freshDatabase(roles);
  });
  afterAll(() => server.close());

  it('gives all services the same key for a topic and day, and finds it by its id', async () => {
    const made = await connect('a').key('t', '2026-11-22');
    expect(await connect('b').key('t', '2026-11-22')).toEqual(made);
    expect(await connect('b').byId(made.id)).toEqual(made);
    expect(made.key).toHaveLength(32);
  });

  it('gives every topic and every day another key', async () => {
    const keys = connect();
    const made = await Promise.all([
      keys.key('t', '2026-11-22'),
      keys.key('t', '2026-11-23'),
      keys.key('u', '2026-11-22'),
    ]);
    expect(new Set(made.map(({ key }) => key.toString('hex'))).size).toBe(3);
  });

  it('makes one key when many ask at once', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => connect().key('race', '2026-12-31')));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
  });

  it("makes tomorrow's key with today's", async () => {
    await connect().key('ahead', '2026-12-31');
    const rows = await server
      .open({ url, schema: 'vault' })
      .query(`select day from topic_key where topic = 'ahead' order by day`);
    expect(rows).toEqual([{ day: '2026-12-31' }, { day: '2027-01-01' }]);
  });

  it('destroys what is old and nothing younger than 8 days', async () => {
    const keys = connect();
    const day = (ago: number): string => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
    const old = await keys.key('d', day(20));
    const young = await keys.key('d', day(5));
    expect(await keys.destroyBefore('d', day(-10))).toBe(2);
    await expect(keys.byId(old.id)).rejects.toMatchObject({ code: 'NOT_FOUND', reason: 'VAULT.KEY_ERASED' });
    expect(await keys.byId(young.id)).toEqual(young);
    // Every time, not only the first: a failure is not remembered as the answer.
    await expect(keys.byId(old.id)).rejects.toMatchObject({ reason: 'VAULT.KEY_ERASED' });
  });
});
