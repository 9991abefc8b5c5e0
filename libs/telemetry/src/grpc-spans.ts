import { context, INVALID_SPAN_CONTEXT, trace, type Tracer, type TracerProvider } from '@opentelemetry/api';
import { GrpcInstrumentation } from '@opentelemetry/instrumentation-grpc';
import { conversationOf } from './travelling.js';

/** How the instrumentation calls the spans of the standard health service. */
const HEALTH = 'grpc.grpc.health.v1.Health/';

/** A tracer that leaves health probes out, and names the conversation that a call is for. */
function ofOurs(tracer: Tracer): Tracer {
  const own: Pick<Tracer, 'startSpan'> = {
    startSpan: (name, options, within = context.active()) => {
      if (name.startsWith(HEALTH)) return trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
      const attributes = { ...options?.attributes, ...conversationOf(within) };
      return tracer.startSpan(name, { ...options, attributes }, within);
    },
  };
  return Object.setPrototypeOf(own, tracer) as Tracer;
}

/**
 * Spans of gRPC clients and servers, without those of health probes. The instrumentation ignores methods by their bare names
 * only, and a `Check` or a `Watch` of ours must not go missing with those of the health service.
 */
export class GrpcSpans extends GrpcInstrumentation {
  constructor() {
    super({ ignoreGrpcMethods: ['ServerReflectionInfo', 'WatchConversations'] });
  }

  override setTracerProvider(provider: TracerProvider): void {
    super.setTracerProvider({ getTracer: (...named) => ofOurs(provider.getTracer(...named)) });
  }
}
