import type { events } from '@parley/contracts';
import { topics, type Batch, type EventBus, type Subscription } from '@parley/event-bus';
import { badEvent } from '../domain/errors.js';
import type { ConsentFact, Journal } from '../ports/journal.port.js';

/** consent.events, group `crm-consent`: the flag on the contact. */
export async function subscribeConsent(bus: EventBus, journal: Journal): Promise<Subscription> {
  return bus.subscribe({
    group: 'crm-consent',
    topic: topics.consentEvents,
    patienceMs: 250,
    acrossPartitions: true,
    handle: (batch: Batch<events.ConsentChanged>) => {
      const facts = batch.records.map(({ id, value }) => consentFactOf(value, value.entryId || id));
      return journal.consent(facts, batch);
    },
  });
}

function consentFactOf(event: events.ConsentChanged, eventId: string): ConsentFact {
  const { contact, purpose, granted, at, evidenceRef } = event;
  if (!at) throw badEvent('at');
  const who = { phone: contact?.waId ?? '', whatsappUserId: contact?.userId ?? '' };
  return { eventId, change: { contact: who, purpose, granted, at, evidenceRef } };
}
