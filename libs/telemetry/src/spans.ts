import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Context } from '@opentelemetry/api';
import { AppError } from '@parley/errors';
import { forConversation } from './travelling.js';

const tracer = trace.getTracer('parley');

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

type Attributes = Record<string, string | number | boolean>;

/** What a span is told at its start. */
export interface SpanOptions {
  /** W3C trace context of the parent; absent: the active span is the parent. The empty string starts a new trace. */
  parent?: string;
  kind?: keyof typeof KINDS;
  attributes?: Attributes;
  /** Trace contexts of other spans this one has to do with. */
  links?: readonly (string | undefined)[];
}

/** A running span. */
export interface ActiveSpan {
  /** W3C trace context to hand on; empty when tracing is off. */
  readonly traceparent: string;
  set(name: string, value: string | number | boolean): void;
}

function contextOf(traceparent: string): Context {
  return propagation.extract(ROOT_CONTEXT, { traceparent });
}

/** The W3C trace context of a context, or undefined when there is none (tracing is off). */
export function currentTraceparent(of: Context = context.active()): string | undefined {
  const carrier: Record<string, string> = {};
  propagation.inject(of, carrier);
  return carrier['traceparent'];
}

function linksOf(
  links: SpanOptions['links'] = [],
): { context: NonNullable<ReturnType<typeof trace.getSpanContext>> }[] {
  return links.flatMap((link) => {
    const linked = link ? trace.getSpanContext(contextOf(link)) : undefined;
    return linked ? [{ context: linked }] : [];
  });
}

/** Whether nobody listens: no SDK has been started, which would have said how contexts travel. Then spans are not even begun. */
export function tracingOff(): boolean {
  return propagation.fields().length === 0;
}

const NO_SPAN: ActiveSpan = { traceparent: '', set: () => undefined };

/** Runs work inside a span, which ends with it; a throw marks the span with the error's reason and goes on. */
export async function inSpan<T>(
  name: string,
  options: SpanOptions,
  work: (span: ActiveSpan) => Promise<T>,
): Promise<T> {
  if (tracingOff()) return work(NO_SPAN);
  const parent = options.parent === undefined ? context.active() : contextOf(options.parent);
  const { attributes, kind = 'internal' } = options;
  const span = tracer.startSpan(name, { kind: KINDS[kind], attributes, links: linksOf(options.links) }, parent);
  const inside = forConversation(trace.setSpan(parent, span), attributes);
  const handle: ActiveSpan = {
    traceparent: currentTraceparent(inside) ?? '',
    set: (key, value) => span.setAttribute(key, value),
  };
  try {
    return await context.with(inside, () => work(handle));
  } catch (error) {
    const { reason } = AppError.from(error);
    span.setStatus({ code: SpanStatusCode.ERROR, message: reason });
    span.setAttribute('error.type', reason);
    throw error;
  } finally {
    span.end();
  }
}
