import { INVALID_SPAN_CONTEXT, trace, type Tracer, type TracerProvider } from '@opentelemetry/api';
import { GrpcInstrumentation } from '@opentelemetry/instrumentation-grpc';

/** How the instrumentation calls the spans of the standard health service. */
const HEALTH = 'grpc.grpc.health.v1.Health/';

function withoutHealth(tracer: Tracer): Tracer {
  const quiet: Pick<Tracer, 'startSpan'> = {
    startSpan: (name, ...rest) =>
      name.startsWith(HEALTH) ? trace.wrapSpanContext(INVALID_SPAN_CONTEXT) : tracer.startSpan(name, ...rest),
  };
  return Object.setPrototypeOf(quiet, tracer) as Tracer;
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
    super.setTracerProvider({ getTracer: (...named) => withoutHealth(provider.getTracer(...named)) });
  }
}
