import { propagation, ROOT_CONTEXT } from '@opentelemetry/api';
import { ATTR } from './attributes.js';
import { conversationOf, forConversation } from './travelling.js';

describe('the conversation a call is for', () => {
  it('travels with the context', () => {
    const inside = forConversation(ROOT_CONTEXT, { [ATTR.conversationId]: 'c-1' });
    expect(conversationOf(inside)).toEqual({ [ATTR.conversationId]: 'c-1' });
    expect(conversationOf(ROOT_CONTEXT)).toEqual({});
  });

  it.each(['', 'Maya Patel', '+12125550101', 'x'.repeat(65)])('is no text that is no id: "%s"', (value) => {
    expect(forConversation(ROOT_CONTEXT, { [ATTR.conversationId]: value })).toBe(ROOT_CONTEXT);
    const forged = propagation.setBaggage(
      ROOT_CONTEXT,
      propagation.createBaggage({ [ATTR.conversationId]: { value } }),
    );
    expect(conversationOf(forged)).toEqual({});
  });
});
