// Answers the messages of one scene with the services, and looks into the CRM for what came of them.
import { events as contract } from '@parley/contracts';
import { topics } from '@parley/event-bus';
import { PHONE_NUMBER_ID } from './services.mjs';

/** Messages of a kind Parley reads by its type alone; anything else without words is a file. */
const BARE = new Set(['reaction', 'edit', 'revoke', 'system', 'unsupported', 'location', 'contacts', 'order']);

export class ServiceCast {
  #known = new Set();

  constructor({ services, clock, phoneOf, content }) {
    Object.assign(this, { services, clock, phoneOf, content });
  }

  away(system, away) {
    if (away) this.services.away.add(system);
    else this.services.away.delete(system);
  }

  async deliver({ speaker, message, meaning, now }) {
    this.clock.set(now);
    const waId = this.phoneOf(speaker);
    await this.services.bus.publish([recordOf(message, waId, now)]);
    const records = await this.services.bus.settle();
    const sent = valuesOf(records, topics.whatsappOutbound);
    const told = valuesOf(records, topics.conversationEvents).flatMap(contract.eventsWithin);
    const events = told.map(({ event }) => event);
    const problems = understoodAs(events, meaning, this.content);
    if (sent.length > 1) problems.push(`one message was answered with ${sent.length}`);
    const happenings = [...callsIn(events), ...(await this.#inCrm(waId, message, sent))];
    return { reply: sent[0] ? replyOf(sent[0]) : null, happenings, problems };
  }

  /** What is new in the CRM. It is asked even when a scene has it away: the customer's side of it is. */
  async #inCrm(phone, message, sent) {
    const { crm } = this.services.clients;
    const wasAway = this.services.away.delete('crm');
    const anybody = { customerId: '', phone, whatsappUserId: '', status: '' };
    const [{ entries }, { tasks }, { tickets }] = await Promise.all([
      crm.listConversationEntries({ phone, limit: 0, whatsappUserId: '' }),
      crm.listTasks(anybody),
      crm.listTickets(anybody),
    ]);
    if (wasAway) this.services.away.add('crm');
    const fresh = (list) => list.filter(({ id }) => !this.#known.has(id) && this.#known.add(id));
    return [
      ...loggedAs(entries, message, sent),
      ...fresh(tasks).map(taskDone),
      ...fresh(tickets).flatMap(ticketOpened),
    ];
  }
}

function recordOf({ id, type, text, replyId, sentAt }, waId, now) {
  const contact = { phoneNumberId: PHONE_NUMBER_ID, userId: '', waId, profileName: '' };
  const value = {
    ...{ itemId: id, field: 'messages', type, businessAccountId: '', contact, sentAt, receivedAt: now },
    ...{ contextMessageId: '', content: contentOf(type, text, replyId), raw: new Uint8Array(), traceparent: '' },
  };
  return { topic: topics.whatsappInbound, key: `${PHONE_NUMBER_ID}:${waId}`, value, id };
}

function contentOf(type, text, replyId) {
  if (replyId !== null) return { $case: 'reply', value: { id: replyId, title: text } };
  if (type === 'text') return { $case: 'text', value: { body: text } };
  if (type === 'reaction') return { $case: 'reaction', value: { emoji: '👍', messageId: '' } };
  if (BARE.has(type)) return undefined;
  const file = { mediaId: '1', mimeType: '', caption: text, sha256: '', filename: '', voice: type === 'audio' };
  return { $case: 'media', value: file };
}

const valuesOf = (records, topic) => records.filter((record) => record.topic === topic.name).map(({ value }) => value);

function replyOf({ content, language }) {
  const { $case, value } = content;
  const reply = { key: '', text: value.body, language };
  if ($case === 'buttons') return { ...reply, buttons: value.buttons };
  return $case === 'list' ? { ...reply, list: { button: value.button, rows: value.rows } } : reply;
}

/** What a flow is told: an intent the business wants to be surer of is none. */
function understoodAs(events, [intent, ...rest], content) {
  const understood = events.find((event) => event?.$case === 'intentUnderstood')?.value;
  if (intent === undefined || !understood) return [];
  const written = rest.find((word) => /^[01](\.\d+)?$/.test(word));
  const told = (reading) => (content.isSure(reading) ? reading.intent : 'oos');
  const expected = told({ intent, confidence: Number(written ?? 1) });
  const actual = told(understood);
  if (actual === expected) return [];
  return [`understood as ${understood.intent} (${understood.confidence.toFixed(2)}) and not as ${expected}`];
}

function callsIn(events) {
  return events.flatMap((event) => {
    if (event?.$case !== 'callMade') return [];
    const { operation, request, outcome } = event.value;
    return [{ name: operation, words: [outcome], values: request ?? {}, done: outcome === 'ok' }];
  });
}

/** The customer's message and every answer to it stand in the CRM's transcript, or it was not logged. */
function loggedAs(entries, { id }, sent) {
  const lines = new Map(entries.map((entry) => [entry.messageId, entry]));
  const own = lines.get(id);
  if (!own || !sent.every(({ sendId }) => lines.has(sendId))) return [];
  const values = { customer: own.customerId, source: own.source, lines: entries.length };
  return [{ name: 'crm.logConversation', words: [], values, done: true }];
}

function taskDone({ subject, orderNumber, dueAt, description, customerId: customer }) {
  const values = { subject, orderNumber, dueAt: dueAt?.toISOString(), description, customer };
  return { name: 'crm.createTask', words: [], values, done: true };
}

function ticketOpened({ reason, team, priority, intent, customerId: customer, transcript, profile }) {
  const values = { reason, team, priority, intent, customer, lines: transcript.split('\n').length, profile };
  return ['handoff', 'crm.createTicket'].map((name) => ({ name, words: [reason], values, done: true }));
}
