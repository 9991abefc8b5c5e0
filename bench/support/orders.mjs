// Gives every customer of a benchmark an order that arrives today, so that "Track order" does the whole job.
import { crm, erp } from '@parley/contracts';
import { grpcClient } from '@parley/grpc';
import { customerId } from './webhooks.mjs';

const CHUNK = 2000;
const DEADLINE = { deadlineMs: 120_000 };

function customer(index) {
  return crm.Customer.fromPartial({
    id: `bench-${index}`,
    name: `Customer ${index}`,
    phone: `+${customerId(index)}`,
    language: 'en',
    timeZone: 'America/New_York',
  });
}

function order(index, now) {
  const day = 86_400_000;
  return erp.Order.fromPartial({
    number: `B${index}00`,
    customerId: `bench-${index}`,
    placedAt: new Date(now - 3 * day),
    status: erp.OrderStatus.OUT_FOR_DELIVERY,
    lines: [{ sku: 'BENCH-1', quantity: 1, unitPrice: { amount: '10.00', currency: 'USD' } }],
    shipments: [
      {
        carrier: 'UPS',
        trackingNumber: `1Z${index}`,
        trackingUrl: '',
        status: erp.ShipmentStatus.OUT_FOR_DELIVERY,
        estimatedDelivery: new Date(now + day / 2),
      },
    ],
  });
}

const PRODUCT = { sku: 'BENCH-1', name: 'Thing', price: { amount: '10.00', currency: 'USD' }, stock: 1_000_000 };

/** Loads customers and orders through the services' own import. */
export async function loadOrders(system, count) {
  const clients = [
    grpcClient(crm.CrmServiceClient, system.grpc(3), DEADLINE),
    grpcClient(erp.ErpServiceClient, system.grpc(4), DEADLINE),
  ];
  const [customers, orders] = clients;
  const now = Date.now();
  await orders.importRecords(erp.ImportRecordsRequest.fromPartial({ products: [PRODUCT] }));
  for (let from = 0; from < count; from += CHUNK) {
    const part = Array.from({ length: Math.min(CHUNK, count - from) }, (_, index) => from + index);
    await customers.importCustomers({ customers: part.map(customer) });
    await orders.importRecords(
      erp.ImportRecordsRequest.fromPartial({ orders: part.map((index) => order(index, now)) }),
    );
  }
  for (const client of clients) client.close();
}
