import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database, startEmbeddedPostgres, type EmbeddedPostgres } from '@parley/postgres';
import { eventually } from '@parley/testing';
import { clientsOf, type Clients } from '../src/clients.js';
import { command } from '../src/command.js';
import { Phone } from '../src/phone.js';
import { System } from '../src/system.js';

const MAYA = '+12125550101';
const CHLOE = '+447700900112';
const SCHEMAS = ['consent', 'gateway', 'crm', 'erp', 'conversation', 'audit', 'desk'];
const PATIENCE = { timeoutMs: 20_000 };
const OWN_PASSWORD = 'the-operators-own';

describe('a database for each service, and Kafka between them', () => {
  let postgres: EmbeddedPostgres;
  let system: System;
  let clients: Clients;

  const addressOf = (schema: string, login: Partial<Pick<URL, 'username' | 'password'>> = {}): string =>
    Object.assign(new URL(postgres.url), { pathname: `/own_${schema}`, ...login }).href;
  const variableOf = (schema: string): string => `${schema.toUpperCase()}_DATABASE_URL`;
  const administrators = (): [string, string][] => SCHEMAS.map((schema) => [variableOf(schema), addressOf(schema)]);
  /** The consent service's URL is its own role's, made and migrated by an operator; all others are an administrator's. */
  const urls = (): Record<string, string> => ({
    ...Object.fromEntries(administrators()),
    CONSENT_DATABASE_URL: addressOf('consent', { username: 'parley_consent', password: OWN_PASSWORD }),
  });

  async function inDatabase<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
    const database = new Database({ url, schema: 'public', applicationName: 'spec', poolSize: 1 });
    return work(database).finally(() => database.close());
  }

  beforeAll(async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'parley-separate-'));
    await chmod(dataDir, 0o755);
    postgres = await startEmbeddedPostgres({ dataDir, port: 0 });
    await inDatabase(postgres.url, async (database) => {
      for (const schema of SCHEMAS) await database.query(`create database own_${schema}`);
      await database.query(`create role parley_consent login password '${OWN_PASSWORD}'`);
    });
  }, 120_000);
  afterAll(async () => {
    clients?.close();
    await system?.dispose();
    await postgres?.destroy();
  }, 60_000);

  it('does not start without Kafka, and says why', async () => {
    await expect(System.start({ ...urls(), KAFKA_BROKERS: '' })).rejects.toThrow(
      /KAFKA_BROKERS: must be set, the services have separate databases/,
    );
  }, 60_000);

  it('does not start on a schema that it may not migrate, and names the variable and the command', async () => {
    const started = System.start(urls());
    await expect(started).rejects.toThrow(
      /CONSENT_DATABASE_URL: schema consent is not migrated .*npm run db:migrate -- consent/,
    );
  }, 120_000);

  it('starts once an operator has migrated that one', async () => {
    const env = { ...Object.fromEntries(administrators()), PARLEY_ROLE_PASSWORDS: `{"consent":"${OWN_PASSWORD}"}` };
    expect(await command({ env }, 'migrate', 'consent')).toMatchObject({ code: 0 });
    system = await System.start(urls());
    clients = clientsOf(system);
  }, 240_000);

  it('answers "Track order 1234" on the phone', async () => {
    const reply = await new Phone(system.simulatorUrl, MAYA).ask('Track order 1234');
    expect(reply.text).toMatch(/Your order 1234 will arrive (today|tomorrow) by 4 PM/);
  }, 60_000);

  it('leaves CRM entries and evidence', async () => {
    await eventually(async () => {
      const { entries } = await clients.crm.listConversationEntries({ phone: MAYA, limit: 0, whatsappUserId: '' });
      expect(entries.map(({ direction }) => direction)).toEqual(['inbound', 'outbound']);
      const trail = await clients.audit.query({ ...everything, customer: MAYA });
      const actions = trail.entries.map(({ action }) => action);
      expect(actions).toEqual(expect.arrayContaining(['message_recorded', 'graph.messages', 'message_settled']));
    }, PATIENCE);
    expect(await clients.audit.verify({ chain: '' })).toMatchObject({ problems: [] });
  }, 60_000);

  it('takes STOP for an opt-out, in the ledger and on the contact', async () => {
    await new Phone(system.simulatorUrl, CHLOE).ask('STOP');
    const contact = { phoneNumberId: '106540352242922', waId: CHLOE.slice(1), userId: '', profileName: '' };
    await eventually(async () => {
      const check = await clients.consent.check({ contact, purpose: 'marketing' });
      expect(check).toMatchObject({ allowed: false, reason: 'withdrawn' });
      const lookup = { id: '', whatsappUserId: '', phone: CHLOE, email: '' };
      const { results } = await clients.crm.findCustomers({ lookups: [lookup] });
      expect(results[0]?.customers[0]?.whatsappMarketing).toBe(false);
    }, PATIENCE);
  }, 60_000);

  it("keeps all keys in one vault: no service's database has any", async () => {
    for (const schema of SCHEMAS) {
      const sql = `select nspname as name from pg_namespace where nspname in ('vault', '${schema}')`;
      expect(await inDatabase(addressOf(schema), (database) => database.query(sql))).toEqual([{ name: schema }]);
    }
    const vaults = await Promise.all([0, 1, 3, 4, 5, 6].map(vaultOf));
    expect(new Set(vaults).size).toBe(1);
    expect(vaults[0]).toMatch(/^[0-9a-f-]{36}$/);
  }, 60_000);

  it('has nothing in the dead letters, as its own command says', async () => {
    expect(await command(system, 'dlq', 'list')).toEqual({ code: 0, output: 'No dead letters.\n' });
    expect(await command(system, 'audit', 'verify')).toMatchObject({ code: 0 });
  }, 60_000);

  it('starts again on the same data, and knows everybody', async () => {
    expect(await system.stop()).toBe(0);
    await system.run();
    const { conversation } = await clients.conversation.getByPhone({ phone: MAYA, phoneNumberId: '' });
    expect(conversation?.customerId).toBe('cus-maya');
    const reply = await new Phone(system.simulatorUrl, MAYA).ask('Track order 1234');
    expect(reply.text).toMatch(/Your order 1234 will arrive/);
  }, 240_000);

  async function vaultOf(service: number): Promise<string | undefined> {
    const metrics = await (await fetch(`${system.ops(service)}/metrics`)).text();
    return /parley_vault_info\{.*?vault="([^"]+)"/.exec(metrics)?.[1];
  }
});

const everything = {
  customer: '',
  order: '',
  session: '',
  requestId: '',
  from: undefined,
  until: undefined,
  limit: 0,
  pageToken: '',
};
