import { Server, ServerCredentials, type handleUnaryCall, type ServiceDefinition } from '@grpc/grpc-js';
import { consent, crm, erp, intent } from '@parley/contracts';
import { freePort } from '@parley/testing';

type Unary<Q, R> = handleUnaryCall<Q, R>;

const answering =
  <Q, R>(answer: (request: Q) => R): Unary<Q, R> =>
  (call, done) =>
    done(null, answer(call.request));

/** Stand-ins for the services this one asks, on one port. */
export async function startNeighbours(data: { customer: Partial<crm.Customer>; order: Partial<erp.Order> }) {
  const server = new Server();
  const calls: string[] = [];
  const add = (service: ServiceDefinition, methods: Record<string, Unary<never, unknown>>): void =>
    server.addService(service, methods as never);
  add(intent.IntentServiceService, {
    parseBatch: answering(({ requests }: intent.ParseBatchRequest) => {
      calls.push('parseBatch');
      const responses = requests.map(({ text }) => parsed(text));
      return { responses };
    }),
  });
  add(crm.CrmServiceService, {
    findCustomers: answering(({ lookups }: crm.FindCustomersRequest) => {
      calls.push('findCustomers');
      const customer = crm.Customer.fromPartial(data.customer);
      return { results: lookups.map(({ phone }) => ({ customers: phone === '4917012' ? [customer] : [] })) };
    }),
  });
  add(erp.ErpServiceService, {
    getOrders: answering(({ queries }: erp.GetOrdersRequest) => {
      calls.push('getOrders');
      const order = erp.Order.fromPartial(data.order);
      const mine = (query: erp.OrderQuery): boolean => query.customerIds.includes(order.customerId);
      return { results: queries.map((query) => ({ order: mine(query) ? order : undefined })) };
    }),
  });
  add(consent.ConsentServiceService, {
    record: answering(() => ({ entryId: 'e1', created: true, changed: true })),
  });
  const port = await freePort();
  await new Promise<void>((resolve, reject) =>
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error) =>
      error ? reject(error) : resolve(),
    ),
  );
  return { address: `127.0.0.1:${port}`, calls, stop: () => server.forceShutdown() };
}

function parsed(text: string): intent.ParseResponse {
  const number = /\d{3,}/.exec(text);
  const entities = number
    ? [
        {
          type: 'order_number',
          text: number[0],
          value: number[0],
          start: number.index,
          end: number.index + number[0].length,
        },
      ]
    : [];
  const name = /human/.test(text) ? 'talk_to_human' : number ? 'track_order' : 'oos';
  return { intent: name, confidence: 0.97, alternatives: [], entities, language: 'en', languageCertain: true };
}
