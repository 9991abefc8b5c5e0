import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api';
import { ATTR, currentTraceparent, inSpan, tracingOff } from '@parley/telemetry';
import type { ReceivedRecord } from './event-bus.js';

const tracer = trace.getTracer('parley');
const spans = new WeakMap<ReceivedRecord<unknown>, Span>();

/** Starts the record's own span, a child of the trace context it came with, and makes it the record's context. */
export function startRecordSpan(record: ReceivedRecord<unknown>, group: string): void {
  if (tracingOff()) return;
  const parent = propagation.extract(ROOT_CONTEXT, { traceparent: record.traceparent ?? '' });
  const attributes = {
    'messaging.operation.type': 'process',
    [ATTR.topic]: record.topic,
    [ATTR.partition]: String(record.partition),
    [ATTR.group]: group,
  };
  const span = tracer.startSpan(`${record.topic} process`, { kind: SpanKind.CONSUMER, attributes }, parent);
  spans.set(record, span);
  record.traceparent = currentTraceparent(trace.setSpan(parent, span)) ?? record.traceparent;
}

/** Adds attributes (`ATTR.conversationId`, ...) to the consumer span of a record in hand. */
export function annotateRecord(
  record: ReceivedRecord<unknown>,
  attributes: Record<string, string | number | boolean>,
): void {
  spans.get(record)?.setAttributes(attributes);
}

/** Ends the record's span; a reason marks it as failed. */
export function endRecordSpan(record: ReceivedRecord<unknown>, reason?: string): void {
  const span = spans.get(record);
  if (!span) return;
  spans.delete(record);
  if (reason) span.setStatus({ code: SpanStatusCode.ERROR, message: reason });
  if (reason) span.setAttribute('error.type', reason);
  span.end();
}

/**
 * Runs a handler in the right span: a record alone in its own, so that what it calls belongs to its trace; several in a
 * span of the batch, which links to theirs and carries no conversation.
 */
export function inBatchSpan(
  records: readonly ReceivedRecord<unknown>[],
  group: string,
  work: () => Promise<void>,
): Promise<void> {
  const [first] = records;
  const own = first && records.length === 1 ? spans.get(first) : undefined;
  if (own) return context.with(trace.setSpan(ROOT_CONTEXT, own), work);
  const attributes = { [ATTR.topic]: first?.topic ?? '', [ATTR.group]: group, [ATTR.batchSize]: records.length };
  const links = records.map(({ traceparent }) => traceparent);
  return inSpan(`${first?.topic} batch`, { parent: '', kind: 'consumer', attributes, links }, work);
}
