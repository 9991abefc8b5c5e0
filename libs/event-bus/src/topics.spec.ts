import { events } from '@parley/contracts';
import { contactKey, deadLetterTopic, topics } from './topics.js';

describe('topics', () => {
  it('have the names that others bind to', () => {
    const names = Object.values(topics).map(({ name }) => name);
    expect(names).toEqual([
      'whatsapp.inbound',
      'whatsapp.status',
      'whatsapp.outbound',
      'whatsapp.outbound.bulk',
      'conversation.events',
      'consent.events',
      'business.events',
      'audit.events',
    ]);
    expect(deadLetterTopic('whatsapp.inbound')).toBe('whatsapp.inbound.dlq');
  });

  it('carry protobuf messages', () => {
    const message = events.MessageRequested.create({ sendId: 's1', content: { $case: 'text', value: { body: 'Hi' } } });
    const { encode, decode, type } = topics.whatsappOutbound;
    expect(type).toBe('parley.events.v1.MessageRequested');
    expect(decode(encode(message))).toEqual(message);
  });
});

describe('contactKey', () => {
  it('prefers the user id, which a customer keeps, to the number, which may be hidden', () => {
    expect(contactKey({ phoneNumberId: '106', userId: 'US.1', waId: '4915' })).toBe('106:US.1');
    expect(contactKey({ phoneNumberId: '106', userId: '', waId: '4915' })).toBe('106:4915');
  });
});
