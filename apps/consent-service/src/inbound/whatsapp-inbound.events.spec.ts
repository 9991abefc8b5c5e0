import { events } from '@parley/contracts';
import { draftsOf } from '../domain/inbound.js';
import { toItem } from './whatsapp-inbound.events.js';

const contact = { phoneNumberId: '1066', userId: 'DE.1', waId: '49170', profileName: 'Ada' };
const SENT = new Date('2026-11-22T10:00:00Z');
const bytes = (value: unknown): Buffer => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

function read(over: Partial<events.WebhookItemReceived>): ReturnType<typeof draftsOf> {
  const value = events.WebhookItemReceived.fromPartial({
    itemId: 'id.1',
    field: 'messages',
    contact,
    receivedAt: SENT,
  });
  return draftsOf(toItem({ value: { ...value, sentAt: SENT, ...over }, traceparent: 'tp' }));
}

describe('items of whatsapp.inbound', () => {
  it('are read for words in texts and button labels', () => {
    expect(read({ content: { $case: 'text', value: { body: 'Stop!' } } })).toMatchObject([
      { granted: false, contact: { phoneNumberId: '1066', userId: 'DE.1', waId: '49170' }, traceparent: 'tp' },
    ]);
    expect(read({ content: { $case: 'reply', value: { id: 'STOP', title: 'Keine Angebote' } } })).toHaveLength(1);
    expect(read({ content: undefined })).toEqual([]);
  });

  it('are read for preferences as the gateway wrote them, with the time Meta gave', () => {
    const raw = bytes({ user_preferences: [{ category: 'marketing_messages', value: 'stop', timestamp: 1763805600 }] });
    const content = { $case: 'preference', value: { category: 'marketing_messages', value: 'stop' } } as const;
    expect(read({ field: 'user_preferences', content, raw })).toMatchObject([
      { purpose: 'marketing', granted: false, at: new Date(1763805600_000), source: 'user-preferences' },
    ]);
  });

  const preference = { wa_id: '49171', user_id: 'DE.2', category: 'marketing_messages', value: 'resume' };
  it.each([
    ['the preference itself', preference],
    ["Meta's value", { metadata: { phone_number_id: '1066' }, user_preferences: [preference] }],
    ['an item beside its metadata', { metadata: {}, item: preference }],
    ['a whole change', { field: 'user_preferences', value: { user_preferences: [preference] } }],
  ])('are read from raw when raw is %s', (_name, raw) => {
    expect(read({ field: 'user_preferences', raw: bytes(raw) })).toMatchObject([
      { purpose: 'marketing', granted: true },
    ]);
  });

  it('take the person from raw when the contact is empty', () => {
    const nobody = { phoneNumberId: '1066', userId: '', waId: '', profileName: '' };
    expect(read({ field: 'user_preferences', contact: nobody, raw: bytes(preference) })).toMatchObject([
      { contact: { phoneNumberId: '1066', userId: 'DE.2', waId: '49171' } },
    ]);
  });

  it.each([
    '',
    'null',
    '[]',
    '{"user_preferences":{"value":7}}',
    '[[[[[[[[[[{"value":"stop"}]]]]]]]]]]',
    '\u0000',
    '{"a":',
  ])('are none when raw is %j', (raw) => {
    expect(read({ field: 'user_preferences', raw: bytes(raw) })).toEqual([]);
  });
});
