import { eventually } from '@parley/testing';
import { OtlpReceiver, type ReceivedSpan } from '../src/otlp-receiver.js';
import { Phone } from '../src/phone.js';
import { System } from '../src/system.js';

const MAYA = '+12125550101';

describe('one trace from the webhook to the reply', () => {
  let receiver: OtlpReceiver;
  let system: System;

  beforeAll(async () => {
    receiver = await OtlpReceiver.start();
    system = await System.start(receiver.env);
    await new Phone(system.simulatorUrl, MAYA).ask('Track order 1234');
  }, 240_000);
  afterAll(async () => {
    await system?.dispose();
    await receiver?.stop();
  }, 60_000);

  /** Services that have a span of the trace, and the edges between them (parent's service, child's service). */
  function shapeOf(traceId: string): { services: Set<string>; edges: Set<string> } {
    const spans = receiver.spans.filter((span) => span.traceId === traceId);
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    const edges = spans.flatMap((span) => {
      const parent = byId.get(span.parentSpanId);
      return parent && parent.service !== span.service ? [`${parent.service} -> ${span.service}`] : [];
    });
    return { services: new Set(spans.map(({ service }) => service)), edges: new Set(edges) };
  }

  function webhookTrace(): string {
    const erp = receiver.spans.find(({ service }) => service === 'erp-bridge');
    return erp?.traceId ?? '';
  }

  it('joins all services, parent to child', async () => {
    await eventually(
      () => {
        const { services, edges } = shapeOf(webhookTrace());
        for (const edge of [
          'gateway -> conversation-service',
          'conversation-service -> intent-service',
          'conversation-service -> erp-bridge',
          'conversation-service -> crm-bridge',
          'conversation-service -> gateway',
        ]) {
          expect([...edges]).toContain(edge);
        }
        expect([...services]).toContain('audit-service');
        expect([...services]).toContain('consent-service');
      },
      { timeoutMs: 30_000 },
    );
  }, 60_000);

  it('has a span per message and hop that carries the conversation id', async () => {
    const named = (span: ReceivedSpan): boolean =>
      span.traceId === webhookTrace() && span.attributes['parley.conversation.id'] !== undefined;
    await eventually(() => {
      const services = new Set(receiver.spans.filter(named).map(({ service }) => service));
      for (const service of ['conversation-service', 'gateway', 'crm-bridge', 'intent-service', 'erp-bridge'].concat([
        'audit-service',
      ])) {
        expect([...services]).toContain(service);
      }
    });
  }, 60_000);

  it('shows what is asked of the database below the service that asks', async () => {
    const isQuery = ({ attributes }: ReceivedSpan): boolean =>
      attributes['db.system.name'] === 'postgresql' || attributes['db.system'] === 'postgresql';
    await eventually(() => {
      const own = receiver.spans.filter((span) => span.traceId === webhookTrace());
      const asking = new Set(own.filter(isQuery).map(({ service }) => service));
      for (const service of ['conversation-service', 'crm-bridge', 'erp-bridge'])
        expect([...asking]).toContain(service);
    });
  }, 60_000);

  it('shows the reply as a call of the Graph API', async () => {
    await eventually(() => {
      const own = receiver.spans.filter((span) => span.traceId === webhookTrace() && span.service === 'gateway');
      const posts = own.filter(({ attributes }) => attributes['http.request.method'] === 'POST');
      const bySend = posts.filter(({ attributes }) => String(attributes['url.full']).includes('/messages'));
      expect(bySend.length).toBeGreaterThanOrEqual(1);
    });
  }, 60_000);

  it('carries no personal data', () => {
    const text = JSON.stringify(receiver.spans);
    expect(text).not.toContain('12125550101');
    expect(text).not.toContain('Track order');
    expect(text).not.toContain('Maya');
  });
});
