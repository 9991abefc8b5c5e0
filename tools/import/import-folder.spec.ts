import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@parley/errors';
import { importFolder } from './import-folder.mjs';

let dir: string;
let sent: string[];
let lines: { out: string[]; err: string[] };
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'parley-import-'));
  sent = [];
  lines = { out: [], err: [] };
});
afterEach(() => rm(dir, { recursive: true }));

const put = (name: string, content: unknown): Promise<void> =>
  writeFile(
    join(dir, name),
    typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content),
  );

const print = { out: (line: string) => lines.out.push(line), err: (line: string) => lines.err.push(line) };

const customersKnown = new Set(['cus-1']);
const crm = {
  importCustomers: async ({ customers }: { customers: { id: string }[] }) => {
    sent.push(`customers ${customers.length}`);
    return { written: customers.length, unchanged: 0 };
  },
  findCustomers: async ({ lookups }: { lookups: { id: string }[] }) => ({
    results: lookups.map(({ id }) => ({ customers: customersKnown.has(id) ? [{ id }] : [] })),
  }),
};
let refusal: AppError | undefined;
beforeEach(() => (refusal = undefined));
const erp = {
  importRecords: async (request: Record<string, unknown[]>) => {
    if (refusal) throw refusal;
    sent.push(
      ...Object.entries(request).flatMap(([name, rows]) => (rows.length > 0 ? [`${name} ${rows.length}`] : [])),
    );
    return { written: 1, unchanged: 2 };
  },
};
const run = (): Promise<boolean> => importFolder(dir, { crm, erp }, print);

const money = { amount: '49.90', currency: 'EUR' };
const customer = { id: 'cus-1', name: 'Ann', phone: '+4915550100152' };
const order = {
  number: '#1234',
  customer_id: 'cus-1',
  placed_at: '2026-11-20T09:00:00+01:00',
  status: 'out_for_delivery',
  lines: [{ sku: 'A', quantity: 1, unit_price: money }],
  shipments: [
    { carrier: 'DHL', tracking_number: 'T', status: 'in_transit', estimated_delivery: '2026-11-22T16:00:00Z' },
  ],
};

describe('import of a folder', () => {
  it('loads every file in an order that references can follow, and prints a line for each', async () => {
    await put('work_orders.json', [
      { number: 'W', title: 't', site: 's', status: 'open', scheduled_at: '2026-11-25T08:00:00Z', priority: 'high' },
    ]);
    await put('technicians.json', [{ id: 't1', name: 'Grace', phone: '+12125550151' }]);
    await put('invoices.json', [
      { number: 'I-1', customer_id: 'cus-1', total: money, status: 'open', due_on: '2026-12-01' },
    ]);
    await put('orders.json', [order]);
    await put('products.json', [{ sku: 'A', name: 'Lamp', price: money, stock: 3 }]);
    await put('customers.json', [customer]);
    expect(await run()).toBe(true);
    expect(lines.err).toEqual([]);
    expect(sent).toEqual(['customers 1', 'products 1', 'orders 1', 'invoices 1', 'technicians 1', 'workOrders 1']);
    expect(lines.out[0]).toBe('customers.json: 1 written, 0 unchanged');
    expect(lines.out).toHaveLength(6);
  });

  it('names file, row and field of everything that is wrong, sends nothing of that file, and loads the others', async () => {
    await put('customers.json', [
      customer,
      { id: 'cus-2', phone: '030 12345', colour: 'red', tags: ['a', 7] },
      'text',
      { id: 'cus-3', name: 'Zed', time_zone: 'Mars/North', language: '??', notes: [{ at: 'today', text: 'x' }] },
    ]);
    await put('products.json', [{ sku: 'A', name: 'Lamp', price: money, stock: 3 }]);
    expect(await run()).toBe(false);
    expect(lines.err.slice(0, -1).sort()).toEqual([
      'customers.json row 2 field colour: is not a field of this file',
      'customers.json row 2 field name: must be given',
      'customers.json row 2 field phone: must be + and 7 to 15 digits, the first not 0',
      'customers.json row 2 field tags[1]: must be a text',
      'customers.json row 3: must be an object',
      'customers.json row 4 field language: must be a BCP 47 tag such as en or pt-BR',
      'customers.json row 4 field notes[0].at: must be a time with offset such as 2026-11-22T10:00:00+01:00',
      'customers.json row 4 field time_zone: must be an IANA zone such as Europe/Madrid',
    ]);
    expect(lines.err.at(-1)).toMatch(/^customers.json: nothing written/);
    expect(sent).toEqual(['products 1']);
  });

  it.each([
    ['quantity', { lines: [{ sku: 'A', quantity: 0, unit_price: money }] }, 'lines[0].quantity'],
    ['negative quantity', { lines: [{ sku: 'A', quantity: -1, unit_price: money }] }, 'lines[0].quantity'],
    [
      'negative price',
      { lines: [{ sku: 'A', quantity: 1, unit_price: { amount: '-5.00', currency: 'EUR' } }] },
      'lines[0].unit_price.amount',
    ],
    [
      'amount that is a number',
      { lines: [{ sku: 'A', quantity: 1, unit_price: { amount: 5, currency: 'EUR' } }] },
      'lines[0].unit_price.amount',
    ],
    ['status', { status: 'lost' }, 'status'],
    ['time without offset', { placed_at: '2026-11-20T09:00:00' }, 'placed_at'],
    ['day that does not exist', { placed_at: '2026-02-30T09:00:00Z' }, 'placed_at'],
    ['number without digits', { number: 'ABC' }, 'number'],
    ['# inside a number', { number: '12#34' }, 'number'],
    ['second # before a number', { number: '##1234' }, 'number'],
    ['missing lines', { lines: undefined }, 'lines'],
    ['null', { shipments: null }, 'shipments'],
    ['unknown field inside', { shipments: [{ ...order.shipments[0], weight: 1 }] }, 'shipments[0].weight'],
    ['customer nobody knows', { customer_id: 'cus-9' }, 'customer_id'],
    ['NUL', { customer_id: 'a\0b' }, 'customer_id'],
  ])('refuses an order with a wrong %s', async (_what, over, field) => {
    await put('orders.json', [order, { ...order, ...over }]);
    expect(await run()).toBe(false);
    expect(lines.err[0]).toContain(`orders.json row 2 field ${field}: `);
    expect(sent).toEqual([]);
  });

  it.each([
    [
      'products.json',
      { sku: 'A', name: 'Lamp', price: { amount: '-0.01', currency: 'EUR' }, stock: 1 },
      'price.amount',
    ],
    [
      'invoices.json',
      {
        ...{ number: 'I-1', customer_id: 'cus-1', status: 'open', due_on: '2026-12-01' },
        total: { amount: '-5.00', currency: 'EUR' },
      },
      'total.amount',
    ],
  ])('takes no negative amount in %s', async (file, row, field) => {
    await put(file, [row]);
    expect(await run()).toBe(false);
    expect(lines.err[0]).toBe(`${file} row 1 field ${field}: must not be negative`);
    expect(sent).toEqual([]);
  });

  it.each(['1234', 'SO-10023', '55-A', '#A1B2', '# 1234', 'WEB/2026/00081', '١٢٣٤'])(
    'takes the order number %s',
    async (number) => {
      await put('orders.json', [{ ...order, number }]);
      expect(await run()).toBe(true);
    },
  );

  it('shows fifty problems and says how many more there are', async () => {
    await put(
      'products.json',
      Array.from({ length: 60 }, () => ({ sku: 'A', name: 'Lamp', price: money, stock: 1.5 })),
    );
    expect(await run()).toBe(false);
    expect(lines.err[49]).toMatch(/^products.json row 50 field stock/);
    expect(lines.err[50]).toBe('products.json: and 10 more');
  });

  it('passes on what the service refuses', async () => {
    const problems = [{ row: 1, field: 'lines[0].sku', message: 'no such product' }];
    const details = { problems: JSON.stringify(problems) };
    refusal = new AppError({ code: 'INVALID_ARGUMENT', reason: 'IMPORT.REFUSED', message: '', details });
    await put('orders.json', [order]);
    expect(await run()).toBe(false);
    expect(lines.err[0]).toBe('orders.json row 1 field lines[0].sku: no such product');
  });

  it.each([
    ['not JSON', '[{"id": }]', /^customers.json: is not JSON/],
    ['no array', '{"id": 1}', /^customers.json: must be a JSON array/],
    ['not UTF-8', Buffer.from([0x5b, 0xe9, 0x5d]), /^customers.json: is not UTF-8/],
  ])('says in one line that a file is %s', async (_what, content, line) => {
    await put('customers.json', content);
    expect(await run()).toBe(false);
    expect(lines.err).toEqual([expect.stringMatching(line)]);
  });

  it('says in one line that there is nothing to import', async () => {
    await expect(importFolder(join(dir, 'none'), { crm, erp }, print)).rejects.toThrow(/^There is no folder/);
    await put('orders.csv', 'x');
    await expect(run()).rejects.toThrow(/^There is nothing to import/);
    await put('customers.json', []);
    await put('customer.json', []);
    expect(await run()).toBe(true);
    expect(lines.err).toEqual(["customer.json: is none of the import's files, left alone"]);
  });
});
