import { AppError } from '@parley/errors';
import fc from 'fast-check';
import { splitWebhook, type WebhookItem } from './webhook-items.js';

const NOW = new Date('2026-11-22T10:00:00Z');
const metadata = { display_phone_number: '4930111222', phone_number_id: '1066' };

function webhook(value: unknown, field = 'messages'): Buffer {
  return Buffer.from(
    JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: 'waba', changes: [{ field, value }] }] }),
  );
}

function only(value: unknown, field?: string): WebhookItem['value'] {
  const [item, ...more] = splitWebhook(webhook(value, field), NOW);
  expect(more).toEqual([]);
  if (!item) throw new Error('no item');
  return item.value;
}

const contacts = [{ profile: { name: 'Ada' }, wa_id: '49170', user_id: 'DE.88x' }];
const text = { from: '49170', id: 'wamid.1', timestamp: '1763800000', type: 'text', text: { body: 'Hi' } };

describe('a message', () => {
  it('is read with who wrote it, when and what', () => {
    expect(only({ metadata, contacts, messages: [{ ...text, context: { id: 'wamid.0' } }] })).toMatchObject({
      itemId: 'wamid.1',
      field: 'messages',
      type: 'text',
      businessAccountId: 'waba',
      contact: { phoneNumberId: '1066', userId: 'DE.88x', waId: '49170', profileName: 'Ada' },
      sentAt: new Date(1_763_800_000_000),
      receivedAt: NOW,
      contextMessageId: 'wamid.0',
      content: { $case: 'text', value: { body: 'Hi' } },
    });
  });

  it('keeps its own bytes, with the metadata it came under', () => {
    const message = '{ "id":"wamid.1","type":"x","n":12345678901234567890,"t":"\\u00e4\\/" }';
    const body = webhook({ metadata, messages: ['M'] })
      .toString()
      .replace('"M"', message);
    const [item] = splitWebhook(Buffer.from(body), NOW);
    expect(item?.value.raw.toString()).toBe(
      `{"field":"messages","value":{"metadata":${JSON.stringify(metadata)},"messages":[${message}]}}`,
    );
  });

  it.each([
    ['from', { from: 'DE.88x' }, []],
    ['wa_id', { from: undefined }, [{ wa_id: 'DE.88x' }]],
    ['from_user_id', { from: undefined, from_user_id: 'DE.88x' }, []],
  ])('knows a user id in %s', (_where, changes, who) => {
    const { contact } = only({ metadata, contacts: who, messages: [{ ...text, ...changes }] }) as { contact: unknown };
    expect(contact).toMatchObject({ userId: 'DE.88x', waId: '' });
  });

  it.each([
    [
      { type: 'button', button: { payload: 'YES', text: 'Yes' } },
      { $case: 'reply', value: { id: 'YES', title: 'Yes' } },
    ],
    [
      { type: 'interactive', interactive: { type: 'list_reply', list_reply: { id: 'r1', title: 'Tue' } } },
      { $case: 'reply', value: { id: 'r1', title: 'Tue' } },
    ],
    [
      { type: 'audio', audio: { id: 'm', mime_type: 'audio/ogg', voice: true } },
      { $case: 'media', value: { mediaId: 'm', mimeType: 'audio/ogg', caption: '', fileName: '', voice: true } },
    ],
    [
      { type: 'reaction', reaction: { message_id: 'w' } },
      { $case: 'reaction', value: { messageId: 'w', emoji: '' } },
    ],
    [
      { type: 'location', location: { latitude: 1, longitude: 2 } },
      { $case: 'location', value: { latitude: 1, longitude: 2, name: '' } },
    ],
    [
      { type: 'system', system: { type: 'user_changed_number', wa_id: '4917new', user_id: 'DE.1' } },
      { $case: 'identityChange', value: { newWaId: '4917new', newUserId: 'DE.1', previousUserId: '' } },
    ],
    [{ type: 'telepathy', telepathy: {} }, undefined],
    [{ type: 'text', text: 'no object' }, undefined],
  ])('of %j is understood as %j', (part, content) => {
    expect((only({ metadata, messages: [{ id: 'wamid.2', ...part }] }) as { content: unknown }).content).toEqual(
      content,
    );
  });

  it('without an id of its own has one of its content, the same each time', () => {
    const ids = [1, 2].map(() => only({ metadata, messages: [{ type: 'text' }] }).itemId);
    expect(ids[0]).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(ids[1]).toBe(ids[0]);
  });
});

describe('a status', () => {
  const status = { id: 'wamid.z', status: 'failed', timestamp: '1763800100', recipient_id: '49170' };

  it('is known by message, status and recipient', () => {
    const errors = [{ code: 131026, title: 'Undeliverable', error_data: { details: 'no WhatsApp' } }];
    expect(only({ metadata, statuses: [{ ...status, errors, biz_opaque_callback_data: 'send-1' }] })).toMatchObject({
      itemId: expect.stringMatching(/^wamid\.z\/failed\/[0-9a-f]{16}$/) as string,
      messageId: 'wamid.z',
      status: 'failed',
      callbackData: 'send-1',
      errors: [{ code: 131026, title: 'Undeliverable', details: 'no WhatsApp' }],
      recipient: { phoneNumberId: '1066', waId: '49170' },
    });
  });

  it('has an id of its own for each recipient, in which nobody can read a phone number', () => {
    const idOf = (recipient_id: string): unknown => only({ statuses: [{ ...status, recipient_id }] }).itemId;
    expect(idOf('49170')).toBe(idOf('49170'));
    expect(idOf('49170')).not.toBe(idOf('49171'));
    expect(idOf('49170')).not.toContain('49170');
  });

  it('keeps words never seen before', () => {
    expect(only({ statuses: [{ ...status, status: 'teleported' }] })).toMatchObject({ status: 'teleported' });
  });
});

describe('other fields', () => {
  it('come whole', () => {
    expect(only({ event: 'ACCOUNT_DELETED' }, 'account_update')).toMatchObject({ field: 'account_update', type: '' });
  });

  it('of preferences come one by one', () => {
    const preference = { wa_id: '49170', category: 'marketing_messages', value: 'stop', timestamp: 1_763_800_000 };
    const body = webhook({ metadata, user_preferences: [preference, preference] }, 'user_preferences');
    const items = [...splitWebhook(body, NOW)];
    expect(items.map(({ value }) => value)).toMatchObject([
      {
        content: { $case: 'preference', value: { category: 'marketing_messages', value: 'stop' } },
        contact: { waId: '49170' },
      },
      { sentAt: new Date(1_763_800_000_000) },
    ]);
  });

  it('beside messages are kept too', () => {
    const items = [...splitWebhook(webhook({ metadata, messages: [text], surprises: [1] }), NOW)];
    expect(items).toHaveLength(2);
    expect(items[1]?.value.raw.toString()).toContain('surprises');
  });

  it.each([
    ['an id that is no text', { id: ['here'], changes: [] }],
    ['an id too long to be one', { id: `${'x'.repeat(200)}here`, changes: [] }],
    ['a time that is no time', { id: 'waba', time: { toString: 'here' }, changes: [] }],
    ['a field too long to be one', { id: 'waba', changes: [{ field: `${'x'.repeat(200)}here`, value: {} }] }],
  ])('in %s are kept too', (_where, entry) => {
    const body = Buffer.from(JSON.stringify({ object: 'whatsapp_business_account', entry: [entry] }));
    const items = [...splitWebhook(body, NOW)];
    expect(items).toHaveLength(1);
    expect(items[0]?.value.raw.toString()).toContain('here');
  });
});

describe('many contacts', () => {
  it('belong to the items that name them, the first of them where several do', () => {
    const people = [
      { wa_id: '1', user_id: 'DE.one', profile: { name: 'One' } },
      { wa_id: '2', profile: { name: 'Two' } },
      { wa_id: '2', profile: { name: 'Again' } },
      { wa_id: '3', user_id: 'DE.one', profile: { name: 'Three' } },
    ];
    const messages = [
      { ...text, from: '2' },
      { ...text, from: '3', from_user_id: 'DE.one' },
      { ...text, from: '9' },
    ];
    const items = [...splitWebhook(webhook({ metadata, contacts: people, messages }), NOW)];
    const names = items.map(({ value }) => ('contact' in value ? value.contact?.profileName : undefined));
    expect(names).toEqual(['Two', 'One', '']);
  });

  it('are gone through once, however many items there are', () => {
    const people = Array.from({ length: 300 }, (_, n) => ({ wa_id: `c${n}` }));
    const body = webhook({ contacts: people, messages: Array<unknown>(300).fill(text) });
    let lookedAt = 0;
    const { parse } = JSON;
    JSON.parse = (json: string) => {
      const value = parse(json) as { entry: { changes: { value: { contacts: object[] } }[] }[] };
      for (const contact of value.entry[0]?.changes[0]?.value.contacts ?? [])
        Object.defineProperty(contact, 'user_id', { get: () => (lookedAt += 1) });
      return value;
    };
    try {
      expect([...splitWebhook(body, NOW)]).toHaveLength(300);
    } finally {
      JSON.parse = parse;
    }
    expect(lookedAt).toBe(300);
  });
});

describe('any signed envelope', () => {
  const anything = fc.jsonValue({ maxDepth: 4 });
  const key = fc.constantFrom(
    'messages',
    'statuses',
    'errors',
    'contacts',
    'metadata',
    'type',
    'from',
    'id',
    'text',
    'timestamp',
    '__proto__',
  );
  const part = fc.dictionary(key, fc.oneof(anything, fc.array(fc.dictionary(key, anything))));
  const change = fc.record({
    field: fc.oneof(fc.constantFrom('messages', 'standby', 'user_preferences'), anything),
    value: fc.oneof(part, anything),
  });
  const entry = fc.oneof(
    anything,
    fc.record({ id: anything, time: anything, changes: fc.oneof(fc.array(change), anything) }),
  );

  it('is split without a throw, and nothing of it is lost', () => {
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        const body = Buffer.from(JSON.stringify({ object: 'whatsapp_business_account', entry: entries }));
        const items = [...splitWebhook(body, NOW)];
        const whole = entries.filter((one) => !Array.isArray((one as { changes?: unknown } | null)?.changes)).length;
        expect(items.length).toBeGreaterThanOrEqual(whole);
        for (const { kind, value } of items) {
          expect(value.itemId).toMatch(/^[\x21-\x7e]+$/);
          expect(value.raw.length).toBeGreaterThan(0);
          if (kind === 'inbound') expect(() => JSON.parse(value.raw.toString()) as unknown).not.toThrow();
        }
      }),
    );
  });

  it('is refused with one of three reasons when it is none', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          anything.map((value) => JSON.stringify(value)),
        ),
        (body) => {
          try {
            expect([...splitWebhook(Buffer.from(body), NOW)]).not.toEqual([]);
          } catch (thrown) {
            expect(AppError.from(thrown).reason).toMatch(/^WEBHOOK\.(NOT_JSON|NOT_AN_ENVELOPE)$/);
          }
        },
      ),
    );
  });
});
