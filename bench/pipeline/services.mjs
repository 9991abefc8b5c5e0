// The bare pipeline, process 3 of 4: ParseBatch and GetOrders over grpc-js, answered from memory. Environment: GRPC_PORT.
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { erp, intent } from '@parley/contracts';

const ORDER = /\b(B\d+)\b/;

function parse({ text }) {
  const number = ORDER.exec(text)?.[1];
  const entities = number ? [{ type: 'order_number', text: number, value: number, start: 0, end: 0 }] : [];
  return intent.ParseResponse.fromPartial({ intent: 'track_order', confidence: 1, entities, language: 'en' });
}

const order = ({ number }) =>
  erp.OrderResult.fromPartial({ order: { number, status: erp.OrderStatus.OUT_FOR_DELIVERY, placedAt: new Date() } });

const server = new Server();
server.addService(intent.IntentServiceService, {
  parse: ({ request }, done) => done(null, parse(request)),
  parseBatch: ({ request }, done) => done(null, { responses: request.requests.map(parse) }),
});
const unimplemented = (_call, done) => done({ code: 12 });
const methods = Object.keys(erp.ErpServiceService).map((name) => [name, unimplemented]);
server.addService(erp.ErpServiceService, {
  ...Object.fromEntries(methods),
  getOrders: ({ request }, done) => done(null, { results: request.queries.map(order) }),
});
server.bindAsync(`127.0.0.1:${process.env.GRPC_PORT}`, ServerCredentials.createInsecure(), () =>
  process.send?.('ready'),
);
process.on('disconnect', () => process.exit(0));
