import { readdir, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@parley/testing';
import { clientsOf, type Clients } from '../src/clients.js';
import { command } from '../src/command.js';
import { databaseOf, tablesOf } from '../src/leaks/places.js';
import { Phone } from '../src/phone.js';
import { System } from '../src/system.js';

const MAYA = '+12125550101';
const NUMBER = '106540352242922';
const PATIENCE = { timeoutMs: 30_000 };
/** What only Maya says. */
const SECRET = 'my neighbour Wilhelmina takes the parcel';

describe('an erasure with proof', () => {
  let system: System;
  let clients: Clients;
  let folder: string;
  let statement: string;
  let conversationId: string;
  const phone = (): Phone => new Phone(system.simulatorUrl, MAYA);

  beforeAll(async () => {
    system = await System.start();
    clients = clientsOf(system);
    folder = await mkdtemp(join(tmpdir(), 'parley-erasure-'));
  }, 240_000);
  afterAll(async () => {
    clients?.close();
    await system?.dispose();
  }, 60_000);

  const everything = {
    ...{ customer: '', order: '', session: '', requestId: '' },
    from: undefined,
    until: undefined,
    limit: 0,
    pageToken: '',
  };
  const entriesOfMaya = async () =>
    (await clients.crm.listConversationEntries({ phone: MAYA, limit: 0, whatsappUserId: '' })).entries;
  const consentOfMaya = { phoneNumberId: NUMBER, waId: MAYA.slice(1), userId: '', profileName: '' };

  it('comes after Maya has talked, and has said STOP', async () => {
    expect((await phone().ask('Track order 1234')).text).toContain('1234');
    await phone().ask(SECRET);
    await phone().ask('STOP');
    await eventually(async () => {
      expect(await entriesOfMaya()).toHaveLength(6);
      const { entries } = await clients.audit.query({ ...everything, customer: MAYA });
      expect(entries.some(({ content }) => content.includes('Wilhelmina'))).toBe(true);
      expect(entries.filter(({ action }) => action === 'message_settled').length).toBeGreaterThanOrEqual(3);
      const bubbles = await phone().replies();
      expect(bubbles.map(({ status }) => status)).toEqual(['read', 'read', 'read']);
    }, PATIENCE);
    conversationId = (await clients.conversation.getByPhone({ phone: MAYA, phoneNumberId: '' })).conversation?.id ?? '';
    expect(conversationId).not.toBe('');
  }, 90_000);

  it('is not done by mistake, and not to a stranger', async () => {
    expect(await command(system, 'audit', 'erase', '--customer', MAYA)).toMatchObject({
      code: 2,
      output: expect.stringContaining('1 of 1 person is known') as string,
    });
    expect(await command(system, 'audit', 'erase', '--customer', '+12025550000', '--yes')).toMatchObject({
      code: 1,
      output: expect.stringContaining('nobody is known by that') as string,
    });
  }, 60_000);

  it('erases her, and says what was destroyed where, signed', async () => {
    const { code, output } = await command(system, 'audit', 'erase', '--customer', MAYA, '--yes', '--out', folder);
    expect({ code, output }).toMatchObject({
      code: 0,
      output: expect.stringContaining('erased; the signed') as string,
    });
    expect(output).not.toContain(MAYA.slice(1));
    const [file = ''] = await readdir(folder);
    statement = join(folder, file);
    const text = await readFile(statement, 'utf8');
    expect(text).not.toContain(MAYA.slice(1));
    const { tables, key, later } = JSON.parse((JSON.parse(text) as { statement: string }).statement) as {
      tables: { table: string; effect: string; rows: number }[];
      key: { destroyed: number };
      later: { what: string; by: string }[];
    };
    expect(key.destroyed).toBe(1);
    const rows = Object.fromEntries(tables.map(({ table, effect, rows: count }) => [`${table} ${effect}`, count]));
    expect(rows).toMatchObject({
      ...{ 'conversation.conversation deleted': 1, 'conversation.message deleted': 6 },
      ...{ 'crm.customers deleted': 1, 'crm.entries deleted': 6, 'consent.ledger hidden': 1 },
    });
    expect(rows['audit.entry unreadable']).toBeGreaterThan(10);
    expect(later.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['event topics', 'dead letters', 'backups of keys']),
    );
  }, 60_000);

  it('leaves nothing that can be read, in no table and through no door', async () => {
    const { conversation, crm, audit } = clients;
    await expect(conversation.getByPhone({ phone: MAYA, phoneNumberId: '' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(conversation.getConversation({ conversationId, limit: 0 })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await entriesOfMaya()).toEqual([]);
    const found = await crm.findCustomers({ lookups: [{ id: 'cus-maya', phone: '', whatsappUserId: '', email: '' }] });
    expect(found.results).toEqual([{ customers: [] }]);
    // The trail still has its entries, by pseudonym, and nobody can read what they said.
    const { entries } = await audit.query({ ...everything, session: conversationId });
    expect(entries.length).toBeGreaterThan(5);
    expect(entries.map(({ content, requestIds }) => content + requestIds.join(''))).toEqual(entries.map(() => ''));
    const dump = await everyTable(system);
    for (const secret of ['Wilhelmina', MAYA.slice(1), 'Maya', 'maya@']) {
      for (const form of [secret, Buffer.from(secret).toString('hex')]) expect(tablesWith(dump, form)).toEqual([]);
    }
  }, 60_000);

  it('leaves the chain whole, and a statement that anybody with the key can check', async () => {
    expect(await clients.audit.verify({ chain: '' })).toMatchObject({ problems: [] });
    const checked = await command(system, 'audit', 'verify', '--statement', statement);
    expect(checked).toMatchObject({ code: 0, output: expect.stringContaining('The signature is right') as string });
    const { entries } = await clients.audit.query({ ...everything, customer: MAYA });
    expect(entries.filter(({ action }) => action === 'person_erased')).toHaveLength(1);
  }, 60_000);

  it('does not undo her STOP, and keeps the proof of it without her', async () => {
    const check = await clients.consent.check({ contact: consentOfMaya, purpose: 'marketing' });
    expect(check).toMatchObject({ allowed: false, reason: 'withdrawn' });
    const { entries } = await clients.consent.listEntries({ contact: consentOfMaya });
    // Two ways lead to the ledger, with the same message as their key: whichever was first stands.
    expect(entries).toMatchObject([{ granted: false, source: expect.stringMatching(/^(stop-word|flow)$/) as string }]);
    expect(entries[0]?.evidenceRef).toMatch(/^erased:/);
  }, 60_000);

  it('says so when it is asked for again', async () => {
    const { code, output } = await command(system, 'audit', 'erase', '--customer', MAYA, '--yes', '--out', folder);
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('erased before') as string });
    expect(await readdir(folder)).toHaveLength(1);
  }, 60_000);

  it('makes her a stranger when she writes again: she is answered, and shown nothing', async () => {
    const reply = await phone().ask('Track order 1234');
    expect(reply.text).not.toMatch(/arrive/i);
    expect(reply.text).toMatch(/e-?mail/i);
    const { conversation } = await clients.conversation.getByPhone({ phone: MAYA, phoneNumberId: '' });
    expect(conversation?.id).not.toBe(conversationId);
    await eventually(async () => expect(await entriesOfMaya()).toHaveLength(2), PATIENCE);
    expect(await clients.audit.verify({ chain: '' })).toMatchObject({ problems: [] });
  }, 60_000);
});

/** Every row of every table of every service, as text. */
async function everyTable(system: System): Promise<Map<string, string>> {
  const places = await tablesOf((await databaseOf(system)).url);
  return new Map(places.map(({ name, bytes }) => [name, bytes.toString()]));
}

const tablesWith = (dump: ReadonlyMap<string, string>, text: string): string[] =>
  [...dump].filter(([, rows]) => rows.includes(text)).map(([name]) => name);
