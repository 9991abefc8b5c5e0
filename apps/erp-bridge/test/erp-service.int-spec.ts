import { erp } from '@parley/contracts';
import { grpcClient, type Promised } from '@parley/grpc';
import { busMigrations } from '@parley/event-bus';
import { freePort, oldMarksGone, plantOldMarks, testDatabase, type TestDatabase } from '@parley/testing';
import { loadConfig } from '@parley/config';
import { startService } from '../src/app.module.js';
import { configSchema } from '../src/config.js';
import { migrations } from '../src/migrations/index.js';

let postgres: TestDatabase;
let service: { close(): Promise<void> };
let client: Promised<erp.ErpServiceClient>;
let opsUrl: string;

beforeAll(async () => {
  postgres = await testDatabase([
    { name: 'event-bus', schema: 'bus', migrations: busMigrations },
    { name: 'erp-bridge', schema: 'erp', role: 'parley_erp', migrations },
  ]);
  await plantOldMarks(postgres.database('erp'), 'idempotency');
  const [grpcPort, opsPort] = [await freePort(), await freePort()];
  const config = loadConfig(configSchema, {
    DATABASE_URL: postgres.adminUrl,
    GRPC_PORT_BASE: String(grpcPort - 4),
    OPS_PORT_BASE: String(opsPort - 4),
    PARLEY_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
  });
  service = await startService(config);
  client = grpcClient(erp.ErpServiceClient, `127.0.0.1:${grpcPort}`);
  opsUrl = `http://127.0.0.1:${opsPort}`;
}, 60_000);

afterAll(async () => {
  client.close();
  await service.close();
  await postgres.close();
});

const maya = ['cus-maya'];

describe('erp-bridge over gRPC', () => {
  it('is ready, with demonstration data', async () => {
    expect((await fetch(`${opsUrl}/health/ready`)).status).toBe(200);
    const { results } = await client.getOrders({ queries: [{ number: '#1234', customerIds: maya }] });
    const order = results[0]?.order;
    expect(order).toMatchObject({ number: '1234', status: erp.OrderStatus.OUT_FOR_DELIVERY, cancellable: false });
    expect(order?.total).toEqual({ amount: '81.70', currency: 'USD' });
    expect(order?.shipments[0]?.estimatedDelivery?.getTime()).toBeGreaterThan(Date.now());
    expect(order?.lines[0]?.productName).toBe('Desk lamp Lumen');
  });

  it('leaves out the order of a query that finds none', async () => {
    const queries = [
      { number: '1234', customerIds: ['cus-tom'] },
      { number: '1240', customerIds: ['cus-tom'] },
    ];
    const { results } = await client.getOrders({ queries });
    expect(results.map(({ order }) => order?.number)).toEqual([undefined, '1240']);
  });

  it('lists open orders, the latest first', async () => {
    const { orders } = await client.listOrders({ customerId: 'cus-diego', open: true, limit: 0 });
    expect(orders.map(({ number }) => number)).toEqual(['1251', '1246', '1241']);
  });

  it('cancels, and answers with stable reasons', async () => {
    const request = { number: '1250', customerIds: ['cus-tom'], reason: '', idempotencyKey: 'c/m/s' };
    const { order } = await client.cancelOrder(request);
    expect(order?.status).toBe(erp.OrderStatus.CANCELLED);
    expect((await client.cancelOrder(request)).order).toEqual(order);
    await expect(client.cancelOrder({ ...request, number: '1240', idempotencyKey: 'k2' })).rejects.toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'ORDER.NOT_CANCELLABLE',
    });
    await expect(client.cancelOrder({ ...request, customerIds: maya, idempotencyKey: 'k3' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      reason: 'ORDER.NOT_FOUND',
    });
  });

  it('holds, confirms, invoices and refunds', async () => {
    const lines = [{ sku: 'MUG-100', quantity: 2 }];
    const hold = { lines, customerId: maya[0] ?? '', ttlSeconds: 60, idempotencyKey: 'h1' };
    const { reservationId } = await client.reserveStock(hold);
    const { stock } = await client.getStock({ skus: ['MUG-100'] });
    expect(stock).toMatchObject([{ onHand: 90, reserved: 2, available: 88 }]);
    const { order } = await client.confirmReservation({ reservationId, idempotencyKey: 'h2' });
    const { invoice } = await client.createInvoice({ orderNumber: order?.number ?? '', idempotencyKey: 'h3' });
    expect(invoice?.total).toEqual({ amount: '68.00', currency: 'USD' });
    const amount = { amount: '68.00', currency: 'USD' };
    expect(await client.refund({ orderNumber: order?.number ?? '', amount, idempotencyKey: 'h4' })).toMatchObject({
      amount,
    });
    const link = client.createPaymentLink({ invoiceNumber: invoice?.number ?? '', idempotencyKey: 'h5' });
    await expect(link).rejects.toMatchObject({ reason: 'PAYMENT.NOT_CONFIGURED' });
    await expect(client.reserveStock({ ...hold, lines: [], idempotencyKey: 'h6' })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  it('refuses a load with a bad row and writes nothing of it', async () => {
    const product = {
      sku: 'NEW-1',
      name: 'New',
      productLine: '',
      price: { amount: '1.00', currency: 'EUR' },
      stock: 1,
    };
    const none = { orders: [], invoices: [], technicians: [], workOrders: [] };
    const bad = { ...product, sku: 'NEW-2', price: { amount: '1,00', currency: 'EUR' } };
    const refused = client.importRecords({ ...none, products: [product, bad] });
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', reason: 'IMPORT.REFUSED' });
    expect((await client.getStock({ skus: ['NEW-1'] })).stock).toEqual([]);
    expect(await client.importRecords({ ...none, products: [product] })).toEqual({ written: 1, unchanged: 0 });
    expect(await client.importRecords({ ...none, products: [product] })).toEqual({ written: 0, unchanged: 1 });
  });

  it('makes and finds a work order', async () => {
    const workOrder = {
      number: '',
      title: 'Repair',
      site: 'Berlin',
      technicianId: 'tec-grace',
      status: '',
      scheduledAt: new Date('2026-11-25T08:00:00Z'),
      priority: 'high',
    };
    const made = await client.createWorkOrder({ workOrder, idempotencyKey: 'w1' });
    expect(made.workOrder).toMatchObject({ status: 'assigned', title: 'Repair' });
    expect(await client.getWorkOrder({ number: made.workOrder?.number ?? '' })).toEqual(made);
  });

  it('says what it can do, and refuses the rest with its kind and the operation', async () => {
    const { operations } = await client.getCapabilities({});
    expect(operations).toMatchObject({ getInvoice: 'native', findCustomer: 'emulated', getInvoicePdf: 'unsupported' });
    const nobody = { phone: '', email: '', ref: '' };
    expect(await client.findCustomer({ ...nobody, ref: 'cus-maya' })).toEqual({ customerIds: ['cus-maya'] });
    expect(await client.findCustomer({ ...nobody, ref: 'cus-nobody' })).toEqual({ customerIds: [] });
    const unsupported = { code: 'UNIMPLEMENTED', reason: 'CONNECTOR.UNSUPPORTED', retryable: false };
    const byPhone = client.findCustomer({ ...nobody, phone: '+12125550101' });
    await expect(byPhone).rejects.toMatchObject(unsupported);
    const { invoice } = await client.createInvoice({ orderNumber: '1234', idempotencyKey: 'pdf' });
    const number = invoice?.number ?? '';
    await expect(client.getInvoicePdf({ number, customerIds: maya })).rejects.toMatchObject({
      ...unsupported,
      details: { operation: 'getInvoicePdf' },
    });
    const toOthers = client.getInvoicePdf({ number, customerIds: ['cus-tom'] });
    await expect(toOthers).rejects.toMatchObject({ code: 'NOT_FOUND', reason: 'INVOICE.NOT_FOUND' });
  });

  it('removes keys that nobody repeats any more', async () => {
    await oldMarksGone(postgres.database('erp'), 'idempotency');
  });
});
