import { events } from '@parley/contracts';
import { graphPayload } from './graph-payload.js';

const recipient = { phoneNumberId: '1066', userId: '', waId: '49170123456', profileName: '' };

function payload(content: events.MessageRequested['content'], changes: Partial<events.MessageRequested> = {}) {
  const base = events.MessageRequested.fromPartial({ sendId: 'send-1', category: events.MessageCategory.REPLY });
  return graphPayload({ ...base, recipient, content, ...changes });
}

const text = (body: string): events.MessageRequested['content'] => ({ $case: 'text', value: { body } });
const choice = (id: string, title = id, description = '') => ({ id, title, description });
const buttons = (...list: events.OutboundChoice[]): events.MessageRequested['content'] => {
  return { $case: 'buttons', value: { body: '?', buttons: list } };
};
const list = (rows: events.OutboundChoice[], button = 'Orders'): events.MessageRequested['content'] => {
  return { $case: 'list', value: { body: 'Pick', button, rows } };
};
const template = (bodyParameters: string[], buttonPayloads: string[] = []): events.MessageRequested['content'] => {
  return { $case: 'template', value: { name: 'order_ready', language: 'de', bodyParameters, buttonPayloads } };
};

describe('a payload', () => {
  it('of a text has all that Meta asks for', () => {
    expect(payload(text('Hi'), { inReplyTo: 'wamid.q' })).toEqual({
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      to: '+49170123456',
      type: 'text',
      text: { body: 'Hi' },
      context: { message_id: 'wamid.q' },
      biz_opaque_callback_data: 'send-1',
    });
  });

  it('goes to a user id where there is no phone number', () => {
    const to = payload(text('Hi'), { recipient: { ...recipient, waId: '', userId: 'DE.88x' } });
    expect(to).toMatchObject({ recipient: 'DE.88x' });
    expect(to).not.toHaveProperty('to');
  });

  it('of buttons', () => {
    expect(payload(buttons(choice('y', 'Yes'), choice('n', 'No')))['interactive']).toEqual({
      type: 'button',
      body: { text: '?' },
      action: {
        buttons: [
          { type: 'reply', reply: { id: 'y', title: 'Yes' } },
          { type: 'reply', reply: { id: 'n', title: 'No' } },
        ],
      },
    });
  });

  it('of a list', () => {
    expect(payload(list([choice('r1', '1234', 'today'), choice('r2')]))['interactive']).toEqual({
      type: 'list',
      body: { text: 'Pick' },
      action: { button: 'Orders', sections: [{ rows: [choice('r1', '1234', 'today'), { id: 'r2', title: 'r2' }] }] },
    });
  });

  it('of a template', () => {
    expect(payload(template(['Bo'], ['STOP']))['template']).toEqual({
      name: 'order_ready',
      language: { code: 'de' },
      components: [
        { type: 'body', parameters: [{ type: 'text', text: 'Bo' }] },
        { type: 'button', sub_type: 'quick_reply', index: '0', parameters: [{ type: 'payload', payload: 'STOP' }] },
      ],
    });
    expect(payload(template([]))['template']).not.toHaveProperty('components');
  });

  it('of an authentication template repeats the code in its button', () => {
    const { components } = payload(template(['4711']), { category: events.MessageCategory.AUTHENTICATION })[
      'template'
    ] as { components: unknown[] };
    expect(components).toHaveLength(2);
  });

  const broken: [string, events.MessageRequested['content'], Partial<events.MessageRequested>?][] = [
    ['an empty text', text(' ')],
    ['a text that is too long', text('x'.repeat(4097))],
    ['four buttons', buttons(...['a', 'b', 'c', 'd'].map((id) => choice(id)))],
    ['no buttons', buttons()],
    ['two buttons with one title', buttons(choice('a', 'Yes'), choice('b', 'Yes'))],
    ['a long button title', buttons(choice('a', 'x'.repeat(21)))],
    ['eleven rows', list(Array.from({ length: 11 }, (_, n) => choice(`${n}`)))],
    ['a long row title', list([choice('a', 'x'.repeat(25))])],
    ['a long row description', list([choice('a', 'b', 'x'.repeat(73))])],
    ['a list without a label', list([choice('a')], '')],
    ['a template parameter with a line break', template(['a\nb'])],
    ['an empty template parameter', template([''])],
    ['no recipient', text('Hi'), { recipient: { ...recipient, waId: '' } }],
    ['no id', text('Hi'), { sendId: '' }],
    ['no content', undefined],
  ];

  it.each(broken.map(([what, content, changes = {}]) => ({ what, content, changes })))(
    'is refused for $what',
    ({ content, changes }) => {
      expect(() => payload(content, changes)).toThrow(/cannot be sent/);
    },
  );

  it('counts characters as people do', () => {
    expect(() => payload(text('👍'.repeat(4096)))).not.toThrow();
  });
});
