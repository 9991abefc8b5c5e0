import { propagation, type Context } from '@opentelemetry/api';
import { ATTR } from './attributes.js';

/** As ids of conversations look; anything else that comes over the wire under this name is not believed. */
const ID = /^[\w-]{1,64}$/;

/** A context in which calls of other services say which conversation they are for (W3C baggage). */
export function forConversation(context: Context, attributes: Record<string, unknown> = {}): Context {
  const value = attributes[ATTR.conversationId];
  if (typeof value !== 'string' || !ID.test(value)) return context;
  return propagation.setBaggage(context, propagation.createBaggage({ [ATTR.conversationId]: { value } }));
}

/** What a span of a call says of the conversation it is for; nothing for a call that several conversations share. */
export function conversationOf(context: Context): Record<string, string> {
  const value = propagation.getBaggage(context)?.getEntry(ATTR.conversationId)?.value ?? '';
  return ID.test(value) ? { [ATTR.conversationId]: value } : {};
}
