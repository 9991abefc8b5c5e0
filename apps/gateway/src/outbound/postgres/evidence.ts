import { events } from '@parley/contracts';
import { contactKey, topics, type OutgoingRecord } from '@parley/event-bus';
import { maskValue } from '@parley/telemetry';
import type { GraphPayload } from '../../domain/graph-payload.js';
import type { ClaimResult } from '../../ports/sends.port.js';

/** The parameters of an authentication template are one-time codes, whatever they look like. */
function withoutCodes(request: GraphPayload): GraphPayload {
  const template = request['template'] as { components?: unknown } | undefined;
  return template?.components ? { ...request, template: { ...template, components: '[code]' } } : request;
}

/** Evidence of a POST: what was asked and answered, without the token and with masked content. */
export function evidenceOf(result: ClaimResult, now: Date): OutgoingRecord[] {
  const { send, evidence, outcome } = result;
  if (!evidence) return [];
  const { message } = send;
  const secret = message.category === events.MessageCategory.AUTHENTICATION;
  const request = secret ? withoutCodes(evidence.request) : maskValue(evidence.request);
  const answered = evidence.result;
  const value: events.AuditEvidenceRecorded = {
    eventId: `graph/${message.sendId}/${send.attempts}`,
    service: 'gateway',
    operation: 'graph.messages',
    contactKey: message.recipient ? contactKey(message.recipient) : '',
    conversationId: message.conversationId,
    orderNumber: '',
    requestId: (answered.kind === 'answered' && answered.traceId) || message.sendId,
    request: { ...request, resent: send.resent },
    response: answered.response,
    outcome: outcome.state === 'settled' ? 'ok' : outcome.reason,
    occurredAt: now,
    durationMs: answered.durationMs,
    traceparent: result.traceparent ?? message.traceparent,
  };
  const key = value.contactKey || value.eventId;
  const traceparent = value.traceparent || undefined;
  return [{ topic: topics.auditEvents, key, value, id: value.eventId, traceparent }];
}
