import type { common } from '@parley/contracts';
import type { ReceivedRecord } from '@parley/event-bus';
import type { Evidence, Person } from '../domain/evidence.js';
import { maskedContent, maskedMetadata, storable } from '../domain/masking.js';

/** What a topic's reader says about one record; the rest is the same for all. */
export interface Facts {
  /** Where a record tells of several events: which one this is. */
  readonly eventId?: string;
  readonly action: string;
  readonly occurredAt?: Date;
  readonly person?: Person;
  readonly order?: string;
  readonly session?: string;
  /** Empty ones are left out. */
  readonly requestIds?: readonly (string | undefined)[];
  readonly metadata?: Record<string, unknown>;
  readonly content?: unknown;
  readonly traceparent?: string;
}

/** Longer than any id we or Meta make; what is longer is no id. */
const LONGEST_ID = 512;
const WORD = /^[A-Za-z][\w.-]{0,63}$/;
const EARLIEST = Date.parse('2000-01-01T00:00:00Z');
const LATEST = Date.parse('2100-01-01T00:00:00Z');

/** A stable word, or `other`: what a stranger made up must not become an action. */
export function wordOr(text: string, other: string): string {
  return WORD.test(text) ? text : other;
}

/** The person of an identity; undefined when it shows none. */
export function personOf(identity: common.WhatsAppIdentity | undefined): Person | undefined {
  const { userId = '', waId = '' } = identity ?? {};
  return userId === '' && waId === '' ? undefined : { userId: storable(userId), waId: storable(waId) };
}

/** Evidence of a record: masked, and with what every record has (event, trace, time). */
export function evidenceOf<M>(record: ReceivedRecord<M>, facts: Facts): Evidence {
  const trace = (facts.traceparent || record.traceparent || '').split('-')[1];
  const ids = [...(facts.requestIds ?? []), trace].filter((id) => id !== undefined && id !== '') as string[];
  return {
    eventId: storable(`${record.topic}/${facts.eventId || record.id}`),
    mark: storable(`${record.topic}/${record.id}`),
    topic: record.topic,
    action: wordOr(facts.action, 'unnamed'),
    occurredAt: timeOf(facts.occurredAt, record.time),
    person: facts.person,
    order: id(facts.order),
    session: id(facts.session),
    requestIds: [...new Set(ids.map(id))],
    metadata: maskedMetadata(facts.metadata ?? {}),
    content: maskedContent(facts.content ?? ''),
  };
}

function id(text = ''): string {
  return storable(text).slice(0, LONGEST_ID);
}

/** A time nobody can have meant would sort before or after everything; then the log's own time counts. */
function timeOf(said: Date | undefined, logged: Date): Date {
  const time = said?.getTime() ?? Number.NaN;
  return time >= EARLIEST && time < LATEST ? new Date(time) : logged;
}
