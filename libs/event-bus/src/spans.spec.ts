import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { AppError } from '@parley/errors';
import { eventually } from '@parley/testing';
import { Recorder, records, textTopic } from './contract-kit.contract.js';
import { annotateRecord, InMemoryEventBus, type ReceivedRecord } from './index.js';

const exporter = new InMemorySpanExporter();
const traceparent = (trace: string): string => `00-${trace.padStart(32, '0')}-${'b7ad6b7169203331'}-01`;

describe('Spans of the bus', () => {
  beforeAll(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
  });
  afterEach(() => exporter.reset());
  afterAll(() => {
    trace.disable();
    context.disable();
    propagation.disable();
  });

  const topic = textTopic('whatsapp.inbound');
  const spans = (name: string): ReadableSpan[] => exporter.getFinishedSpans().filter((span) => span.name === name);

  /** Publishes records of one key, each with its own trace, and returns what the handler got. */
  const run = async (
    values: string[],
    handle?: (got: ReceivedRecord<string>[]) => void,
  ): Promise<ReceivedRecord<string>[]> => {
    const bus = new InMemoryEventBus();
    const all = records(topic, values).map((record, index) => ({ ...record, traceparent: traceparent(`a${index}`) }));
    await bus.publish(all);
    const recorder = new Recorder(topic);
    const got: ReceivedRecord<string>[] = [];
    recorder.intercept = (batch) => {
      got.push(...batch.records);
      handle?.(batch.records);
    };
    await recorder.start(bus);
    await eventually(() => expect(recorder.seen.length + recorder.dead.length).toBe(values.length));
    await bus.close();
    return got;
  };

  it('makes one span per message, a child of its own context, and hands that on', async () => {
    const got = await run(['a', 'b']);
    const own = spans('whatsapp.inbound process');
    expect(own).toHaveLength(2);
    expect(own.map((span) => span.kind)).toEqual([SpanKind.CONSUMER, SpanKind.CONSUMER]);
    own.forEach((span, index) => {
      const { traceId, spanId } = span.spanContext();
      expect(traceId).toBe(`a${index}`.padStart(32, '0'));
      expect(span.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
      expect(got[index]?.traceparent).toBe(`00-${traceId}-${spanId}-01`);
    });
  });

  it('links the span of a batch to those of its messages, in a trace of its own', async () => {
    await run(['a', 'b']);
    const [batch] = spans('whatsapp.inbound batch');
    const own = spans('whatsapp.inbound process').map((span) => span.spanContext().spanId);
    expect(batch?.links.map((link) => link.context.spanId)).toEqual(own);
    expect(batch?.parentSpanContext).toBeUndefined();
    expect(Object.keys(batch?.attributes ?? {})).not.toContain('parley.conversation.id');
  });

  it('runs the handler of a message alone inside its span', async () => {
    let active: string | undefined;
    await run(['a'], () => (active = trace.getActiveSpan()?.spanContext().spanId));
    expect(active).toBe(spans('whatsapp.inbound process')[0]?.spanContext().spanId);
    expect(spans('whatsapp.inbound batch')).toEqual([]);
  });

  it('takes attributes from the handler and marks what is given up', async () => {
    await run(['a'], ([record]) => {
      if (record) annotateRecord(record, { 'parley.conversation.id': 'c1' });
      throw new AppError({ code: 'FAILED_PRECONDITION', reason: 'TEST.POISON', message: 'no' });
    });
    const [span] = spans('whatsapp.inbound process');
    expect(span?.attributes).toMatchObject({ 'parley.conversation.id': 'c1', 'error.type': 'TEST.POISON' });
    expect(span?.status.code).toBe(SpanStatusCode.ERROR);
  });
});
