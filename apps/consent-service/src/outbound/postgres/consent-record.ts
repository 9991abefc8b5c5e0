import { topics, type OutgoingRecord } from '@parley/event-bus';
import type { Entry } from '../../domain/consent.js';
import { contactKey } from '../../domain/contact.js';
import type { Draft } from '../../domain/inbound.js';

/** The fact that leaves with an entry that changed what may be sent; its id is the entry's. */
export function toRecord({ contact, traceparent }: Draft, entry: Entry): OutgoingRecord {
  const { id, purpose, granted, at, source, evidenceRef } = entry;
  const value = {
    entryId: id,
    contact: { ...contact, profileName: '' },
    purpose,
    granted,
    at,
    source,
    evidenceRef,
    traceparent: traceparent ?? '',
  };
  return { topic: topics.consentEvents, key: contactKey(contact), id, value, traceparent };
}
