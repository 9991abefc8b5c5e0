import type { Scope, Source } from './consent.js';
import type { Contact } from './contact.js';
import { wordIn } from './words.js';

/** One item of a webhook, as far as consent is concerned. */
export interface InboundItem {
  readonly itemId: string;
  /** Webhook field: `messages`, `user_preferences`, ... */
  readonly field: string;
  readonly contact: Contact;
  /** By Meta's clock; absent when the item has none. */
  readonly sentAt?: Date;
  readonly receivedAt: Date;
  /** What the customer wrote, or the label and id of the button they tapped. */
  readonly texts: readonly string[];
  /** What the customer set in WhatsApp itself. */
  readonly preferences: readonly Preference[];
  /** Other identities the item says belong to the same person. */
  readonly alsoKnownAs: readonly Contact[];
  readonly traceparent?: string;
}

/** A preference as Meta writes it. */
export interface Preference {
  readonly category: string;
  readonly value: string;
  readonly at?: Date;
}

/** An entry that is to be written. */
export interface Draft {
  readonly contact: Contact;
  readonly purpose: Scope;
  readonly granted: boolean;
  readonly at: Date;
  readonly source: Source;
  readonly evidenceRef: string;
  readonly idempotencyKey: string;
  readonly traceparent?: string;
}

/** Clocks differ by seconds, not by minutes: a time further ahead than this is a mistake. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** An answer dated ahead would decide over everything said until then, so it counts from when it was heard. */
export function notAhead(said: Date, heard: Date): Date {
  return said.getTime() <= heard.getTime() + CLOCK_TOLERANCE_MS ? said : heard;
}

function timeOf(item: InboundItem, own?: Date): Date {
  return notAhead(own ?? item.sentAt ?? item.receivedAt, item.receivedAt);
}

const GRANTS: Readonly<Record<string, boolean>> = { stop: false, resume: true, signup: true };

/**
 * Meta has one category at present. Of another that is not about orders, a "stop" still stops advertising, and a yes to
 * something we do not know is a yes to nothing.
 */
function scopeOf(category: string, granted: boolean): Scope | undefined {
  if (category === '' || category === 'marketing_messages') return 'marketing';
  if (category === 'utility_messages') return 'utility';
  return granted ? undefined : 'marketing';
}

function fromPreferences(item: InboundItem): Draft[] {
  return item.preferences.flatMap((preference, index) => {
    const granted = GRANTS[preference.value.toLowerCase()];
    const purpose = granted === undefined ? undefined : scopeOf(preference.category, granted);
    if (granted === undefined || purpose === undefined) return [];
    // An item usually holds one; should it hold several, each needs a key of its own.
    const idempotencyKey = index === 0 ? item.itemId : `${item.itemId}#${index}`;
    return [
      draft(item, { purpose, granted, source: 'user-preferences', at: timeOf(item, preference.at), idempotencyKey }),
    ];
  });
}

function fromWords(item: InboundItem): Draft[] {
  const words = item.texts.flatMap((text) => wordIn(text) ?? []);
  if (words.length === 0) return [];
  const stop = words.includes('stop');
  const source = stop ? 'stop-word' : 'start-word';
  return [draft(item, { purpose: 'all', granted: !stop, source, at: timeOf(item), idempotencyKey: item.itemId })];
}

type Decided = Pick<Draft, 'purpose' | 'granted' | 'source' | 'at' | 'idempotencyKey'>;

function draft(item: InboundItem, decided: Decided): Draft {
  return { ...decided, contact: item.contact, evidenceRef: item.itemId, traceparent: item.traceparent };
}

/** The entries an item asks for; none for nearly all of them. */
export function draftsOf(item: InboundItem): Draft[] {
  if (item.contact.waId === '' && item.contact.userId === '') return [];
  if (item.field === 'user_preferences') return fromPreferences(item);
  // Only what customers write: not what staff wrote in the app (echoes), nor old chats that are handed over (history).
  return item.field === 'messages' || item.field === 'standby' ? fromWords(item) : [];
}
