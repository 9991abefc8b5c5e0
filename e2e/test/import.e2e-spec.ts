import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from '../src/command.js';
import { addCustomer } from '../src/phone.js';
import { System } from '../src/system.js';

/** How customers of five languages ask, and what the answer must hold: the number as the ERP writes it, and the hour. */
const PEOPLE = [
  { language: 'en', zone: 'America/New_York', ask: (n: string) => `Track order ${n}`, hour: /4 PM/ },
  {
    language: 'en',
    zone: 'America/New_York',
    ask: (n: string) => `hey, where's my order ${n.toLowerCase()}??`,
    hour: /4 PM/,
  },
  {
    language: 'en',
    zone: 'Europe/London',
    ask: (n: string) => `could you check the status of #${n} please`,
    hour: /9 PM/,
  },
  { language: 'en', zone: 'Asia/Singapore', ask: (n: string) => `when will ${n} be delivered`, hour: /5 AM/ },
  {
    language: 'es',
    zone: 'Europe/Madrid',
    ask: (n: string) => `¿Dónde está mi pedido ${n}?`,
    hour: /22/,
  },
  {
    language: 'es',
    zone: 'America/Mexico_City',
    ask: (n: string) => `quiero saber el estado del pedido ${n}`,
    hour: /\b(3|15)\b/,
  },
  { language: 'es', zone: 'America/Bogota', ask: (n: string) => `cuándo llega mi pedido ${n}`, hour: /\b(4|16)\b/ },
  { language: 'es', zone: 'America/Lima', ask: (n: string) => `Rastrear pedido ${n}`, hour: /\b(4|16)\b/ },
  { language: 'pt-BR', zone: 'America/Sao_Paulo', ask: (n: string) => `Onde está meu pedido ${n}?`, hour: /\b18/ },
  { language: 'pt-BR', zone: 'America/Sao_Paulo', ask: (n: string) => `cadê meu pedido ${n}`, hour: /\b18/ },
  { language: 'pt-BR', zone: 'America/Sao_Paulo', ask: (n: string) => `quero rastrear o pedido ${n}`, hour: /\b18/ },
  {
    language: 'pt-BR',
    zone: 'America/Sao_Paulo',
    ask: (n: string) => `meu pedido ${n} ainda não chegou`,
    hour: /\b18/,
  },
  { language: 'fr', zone: 'Europe/Paris', ask: (n: string) => `Où est ma commande ${n} ?`, hour: /22 h/ },
  {
    language: 'fr',
    zone: 'Europe/Paris',
    ask: (n: string) => `je n'ai toujours pas reçu ma commande ${n}`,
    hour: /22 h/,
  },
  { language: 'fr', zone: 'America/Martinique', ask: (n: string) => `Suivi de la commande ${n}`, hour: /17 h/ },
  { language: 'fr', zone: 'Indian/Reunion', ask: (n: string) => `quand arrive ma commande ${n} ?`, hour: /1 h/ },
  { language: 'de', zone: 'Europe/Berlin', ask: (n: string) => `Wo ist meine Bestellung ${n}?`, hour: /22 Uhr/ },
  {
    language: 'de',
    zone: 'Europe/Berlin',
    ask: (n: string) => `wann kommt meine Bestellung ${n}`,
    hour: /22 Uhr/,
  },
  { language: 'de', zone: 'Europe/Berlin', ask: (n: string) => `Bestellung ${n} verfolgen`, hour: /22 Uhr/ },
  {
    language: 'de',
    zone: 'Europe/Zurich',
    ask: (n: string) => `Status der Bestellung ${n} bitte`,
    hour: /22 Uhr/,
  },
];
const SHAPES = ['9101', 'SO-20011', '77-A', 'A1B2C3', 'WEB/2026/00081'];
const PRODUCT = { sku: 'SKU-IMPORT-1', name: 'Kettle', price: { amount: '49.90', currency: 'EUR' }, stock: 5 };

/** Ten days from now, at 21:00 UTC: an hour that differs from zone to zone and is midnight in none of them. */
function estimate(): string {
  const day = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10);
  return `${day}T21:00:00Z`;
}

const numberOf = (index: number): string =>
  `${SHAPES[index % SHAPES.length] ?? ''}${index < SHAPES.length ? '' : `-${index}`}`;
const phoneOf = (index: number): string => `+1555777${String(1000 + index)}`;

function files(): Record<string, unknown[]> {
  const unitPrice = PRODUCT.price;
  return {
    customers: PEOPLE.map(({ language, zone }, index) => ({
      id: `imp-${index}`,
      name: `Imported ${index}`,
      phone: phoneOf(index),
      language,
      time_zone: zone,
    })),
    products: [PRODUCT],
    orders: PEOPLE.map((_, index) => ({
      number: numberOf(index),
      customer_id: `imp-${index}`,
      placed_at: '2026-11-01T10:00:00Z',
      status: 'shipped',
      lines: [{ sku: PRODUCT.sku, quantity: 1, unit_price: unitPrice }],
      shipments: [
        { carrier: 'DHL', tracking_number: `T${index}`, status: 'in_transit', estimated_delivery: estimate() },
      ],
    })),
  };
}

async function write(dir: string, contents: Record<string, unknown[]>): Promise<void> {
  const all = Object.entries(contents).map(([name, rows]) =>
    writeFile(join(dir, `${name}.json`), JSON.stringify(rows)),
  );
  await Promise.all(all);
}

describe('customers and orders imported a minute before', () => {
  let system: System;
  let dir: string;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'parley-import-'));
    system = await System.start();
    await write(dir, files());
  }, 240_000);
  afterAll(async () => {
    await system?.dispose();
    await rm(dir, { recursive: true, force: true });
  }, 60_000);

  it('are loaded while everything runs', async () => {
    const { code, output } = await command(system, 'import', dir);
    expect(output).toContain('20');
    expect(code).toBe(0);
  }, 60_000);

  it('change nothing the second time', async () => {
    const { code, output } = await command(system, 'import', dir);
    expect(code).toBe(0);
    expect(output).toMatch(/customers\.json.*\b0 written/);
    expect(output).toMatch(/orders\.json.*\b0 written/);
  }, 60_000);

  it.each(PEOPLE.map(({ language, ask, hour }, index) => [language, ask(numberOf(index)), index, hour] as const))(
    'are answered in %s: "%s"',
    async (_language, text, index, hour) => {
      const phone = await addCustomer(system.simulatorUrl, phoneOf(index), `Imported ${index}`);
      const reply = await phone.ask(text);
      expect(reply.text).toContain(numberOf(index));
      expect(reply.text).toMatch(hour);
    },
    60_000,
  );

  it('are refused as a whole file, by file, row and field, when one row is wrong', async () => {
    const bad = await mkdtemp(join(tmpdir(), 'parley-import-bad-'));
    const rows = [
      { id: 'new-1', name: 'New', phone: '+15557770001' },
      { id: 'new-2', name: 'Wrong', phone: '0555', surprise: 1 },
    ];
    await write(bad, { customers: rows });
    const { code, output } = await command(system, 'import', bad);
    expect(code).not.toBe(0);
    expect(output).toMatch(/customers\.json.*row 2.*phone/);
    expect(output).toMatch(/surprise/);
    await write(bad, { customers: rows.slice(0, 1) });
    expect((await command(system, 'import', bad)).output).toMatch(/1 written/);
    await rm(bad, { recursive: true, force: true });
  }, 60_000);
});
