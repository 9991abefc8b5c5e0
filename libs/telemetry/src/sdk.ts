import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { register } from 'import-in-the-middle/register-hooks.mjs';
import { GrpcSpans } from './grpc-spans.js';
import { incomingAttributes } from './incoming-request.js';
import { setFlush } from './shutdown.js';

/**
 * Starts the SDK from the standard OTEL_* variables. Only the modules that are instrumented are hooked: hooking all of them
 * doubles the time a service takes to start. Kafka spans are made by the event bus, one for each message.
 */
export function startSdk(): void {
  register({ include: ['http', 'https', '@grpc/grpc-js', 'pg', 'pg-pool'] });
  const sdk = new NodeSDK({
    instrumentations: [
      new HttpInstrumentation({
        startIncomingSpanHook: incomingAttributes,
        ignoreIncomingRequestHook: (request) => /^\/(health|metrics)/.test(request.url ?? ''),
      }),
      new UndiciInstrumentation(),
      new GrpcSpans(),
      // A statement outside a trace (polling, leases) is not a trace of its own.
      new PgInstrumentation({ requireParentSpan: true }),
    ],
  });
  sdk.start();
  setFlush(() => sdk.shutdown());
}
