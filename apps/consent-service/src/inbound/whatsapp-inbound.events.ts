import type { events } from '@parley/contracts';
import { topics, type EventBus, type ReceivedRecord, type Subscription } from '@parley/event-bus';
import type { Contact } from '../domain/contact.js';
import type { InboundItem, Preference } from '../domain/inbound.js';
import type { TakeInbound } from '../usecases/take-inbound.js';
import { preferencesIn } from './raw-preferences.js';

type Item = events.WebhookItemReceived;

/** Reads whatsapp.inbound on its own, so that an opt-out is in force even while the brain is down. */
export function subscribeInbound(bus: EventBus, take: TakeInbound): Promise<Subscription> {
  return bus.subscribe({
    group: 'consent',
    topic: topics.whatsappInbound,
    // An opt-out has a second to be in force; hardly any message is one.
    patienceMs: 250,
    acrossPartitions: true,
    handle: async (batch) => {
      await take.run(batch.records.map(toItem), (tx) => batch.commitIn(tx));
    },
  });
}

/** What consent needs of a webhook item. */
export function toItem({ value, traceparent }: Pick<ReceivedRecord<Item>, 'value' | 'traceparent'>): InboundItem {
  const contact = contactOf(value);
  return {
    itemId: value.itemId,
    field: value.field,
    contact,
    sentAt: value.sentAt,
    receivedAt: value.receivedAt ?? value.sentAt ?? new Date(0),
    texts: textsOf(value),
    preferences: value.field === 'user_preferences' ? preferencesOf(value) : [],
    alsoKnownAs: alsoKnownAs(value, contact),
    traceparent: traceparent || value.traceparent,
  };
}

function contactOf({ contact, field, raw }: Item): Contact {
  const { phoneNumberId = '', userId = '', waId = '' } = contact ?? {};
  if (userId !== '' || waId !== '' || field !== 'user_preferences') return { phoneNumberId, userId, waId };
  const stated = preferencesIn(raw)[0];
  return { phoneNumberId, userId: stated?.userId ?? '', waId: stated?.waId ?? '' };
}

function textsOf({ content }: Item): string[] {
  if (content?.$case === 'text') return [content.value.body];
  // A template's quick reply ("STOP") comes as its label and the payload Parley or Meta gave it.
  return content?.$case === 'reply' ? [content.value.title, content.value.id] : [];
}

/** As the gateway read it, else as Meta wrote it; the time within stands in the raw item alone. */
function preferencesOf({ content, raw }: Item): Preference[] {
  const stated = preferencesIn(raw);
  if (content?.$case !== 'preference') return stated;
  const { category, value } = content.value;
  const at = stated.find((each) => each.value === value)?.at;
  return [{ category, value, at }];
}

function alsoKnownAs({ content }: Item, contact: Contact): Contact[] {
  if (content?.$case !== 'identityChange') return [];
  const { newWaId, newUserId, previousUserId } = content.value;
  const { phoneNumberId } = contact;
  return [
    { phoneNumberId, userId: newUserId, waId: newWaId },
    { phoneNumberId, userId: previousUserId, waId: '' },
  ];
}
