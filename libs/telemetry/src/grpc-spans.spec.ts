import * as grpc from '@grpc/grpc-js';
import { context, propagation, SpanKind } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { eventually, freePort } from '@parley/testing';
import { GrpcSpans } from './grpc-spans.js';

const CONSENT = 'parley.consent.v1.ConsentService';
const HEALTH = 'grpc.health.v1.Health';

/** A service with one method, `Check`, that echoes. */
function definitionOf(service: string): grpc.ServiceDefinition {
  const same = (value: Buffer): Buffer => value;
  const codec = {
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  };
  return {
    check: { path: `/${service}/Check`, requestStream: false, responseStream: false, originalName: 'Check', ...codec },
  };
}

describe('spans of gRPC calls', () => {
  const exporter = new InMemorySpanExporter();
  const spans = new GrpcSpans();
  // Instrumentation of a running process comes by a module hook; here it is put on by hand.
  const patched = { ...grpc };
  let server: grpc.Server;
  let address: string;

  beforeAll(async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    spans.setTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
    for (const definition of spans.init()) definition.patch?.(patched);
    server = new patched.Server();
    const check: grpc.handleUnaryCall<Buffer, Buffer> = (call, done) => done(null, call.request);
    for (const service of [CONSENT, HEALTH]) server.addService(definitionOf(service), { check });
    address = `127.0.0.1:${await freePort()}`;
    await new Promise((resolve) => server.bindAsync(address, grpc.ServerCredentials.createInsecure(), resolve));
  });
  afterEach(() => exporter.reset());
  afterAll(() => {
    server.forceShutdown();
    for (const definition of spans.init()) definition.unpatch?.(patched);
    context.disable();
    propagation.disable();
  });

  async function check(service: string): Promise<void> {
    const Client = patched.makeGenericClientConstructor(definitionOf(service), service);
    const client = new Client(address, grpc.credentials.createInsecure());
    const call = client['check']?.bind(client) as (request: Buffer, done: (error: Error | null) => void) => void;
    await new Promise<void>((resolve, reject) => {
      call(Buffer.from('?'), (error) => (error ? reject(error) : resolve()));
    });
    client.close();
  }

  const seen = (): [string, SpanKind][] => exporter.getFinishedSpans().map(({ name, kind }) => [name, kind]);

  it('are there for the Check of the consent service, of the client and of the server in one trace', async () => {
    await check(CONSENT);
    await eventually(() => {
      expect(seen()).toHaveLength(2);
      expect(seen()).toContainEqual([`grpc.${CONSENT}/Check`, SpanKind.CLIENT]);
      expect(seen()).toContainEqual([`grpc.${CONSENT}/Check`, SpanKind.SERVER]);
    });
    expect(new Set(exporter.getFinishedSpans().map((span) => span.spanContext().traceId)).size).toBe(1);
  });

  it('are not there for the Check of the health service', async () => {
    await check(HEALTH);
    await check(CONSENT);
    await eventually(() => expect(seen()).toHaveLength(2));
    expect(seen().map(([name]) => name)).not.toContain(`grpc.${HEALTH}/Check`);
  });
});
