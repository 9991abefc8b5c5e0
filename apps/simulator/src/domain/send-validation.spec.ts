import { GraphFailure } from './graph-errors.js';
import { validateSend } from './send-validation.js';

const to = '+12125550101';
const whatsapp = { messaging_product: 'whatsapp', to };
const text = (body: unknown) => ({ ...whatsapp, type: 'text', text: { body } });
const interactive = (content: object) => ({
  ...whatsapp,
  type: 'interactive',
  interactive: { body: { text: '?' }, ...content },
});
const button = (id: string, title = id) => ({ type: 'reply', reply: { id, title } });
const buttons = (...all: object[]) => interactive({ type: 'button', action: { buttons: all } });
const rows = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => ({ id: `r${from + i}`, title: `Row ${i}` }));
const list = (action: object, more: object = {}) =>
  interactive({ type: 'list', action: { button: 'Choose', ...action }, ...more });
const link = (display: string, url = 'https://x.de') =>
  interactive({ type: 'cta_url', action: { name: 'cta_url', parameters: { display_text: display, url } } });
const template = (parameter: object) => ({
  ...whatsapp,
  type: 'template',
  template: { name: 'a', language: { code: 'en' }, components: [{ type: 'body', parameters: [parameter] }] },
});
const x = (length: number) => 'x'.repeat(length);

function codeOf(body: unknown): number | undefined {
  try {
    validateSend(body);
    return undefined;
  } catch (error) {
    if (error instanceof GraphFailure) return error.code;
    throw error;
  }
}

const ACCEPTED: [string, unknown][] = [
  ['text of 4096', text(x(4096))],
  ['text of 4096 characters that are two units each', text('😀'.repeat(4096))],
  ['three buttons with titles of 20', buttons(button('a', x(20)), button('b'), button('c'))],
  ['ten rows in two sections', list({ sections: [{ title: 'A', rows: rows(5) }, { title: 'B', rows: rows(5, 5) }] })], // prettier-ignore
  ['one section without title', list({ sections: [{ rows: rows(10) }] })],
  ['list body of 4096', list({ sections: [{ rows: rows(1) }] }, { body: { text: x(4096) } })],
  ['a link', link(x(20))],
  ['an image by link', { ...whatsapp, type: 'image', image: { link: 'https://x.de/a.png', caption: x(1024) } }],
  ['a document by id', { ...whatsapp, type: 'document', document: { id: '7', filename: 'a.pdf' } }],
  ['a reaction taken back', { ...whatsapp, type: 'reaction', reaction: { message_id: 'wamid.x', emoji: '' } }],
  ['a user id', { messaging_product: 'whatsapp', recipient: 'US.12ab', type: 'text', text: { body: 'x' } }],
  ['callback data of 512', { ...text('x'), biz_opaque_callback_data: x(512) }],
  ['a number with spaces', { ...text('x'), to: '+1 (212) 555-0101' }],
  ['a template', template({ type: 'text', text: 'Bo' })],
];

const REFUSED: [string, number, unknown][] = [
  ['not an object', 100, []],
  ['no messaging_product', 100, { to, type: 'text', text: { body: 'x' } }],
  ['another product', 100, { ...text('x'), messaging_product: 'sms' }],
  ['nobody to send to', 100, { messaging_product: 'whatsapp', type: 'text', text: { body: 'x' } }],
  ['a word as number', 131009, { ...text('x'), to: 'Maya' }],
  ['a broken user id', 131009, { messaging_product: 'whatsapp', recipient: 'us-1', type: 'text', text: { body: 'x' } }],
  ['an unknown type', 100, { ...whatsapp, type: 'hologram', hologram: {} }],
  ['a type of the prototype', 100, { ...whatsapp, type: 'constructor', constructor: {} }],
  ['no content', 131008, { ...whatsapp, type: 'image' }],
  ['no text', 100, text(undefined)],
  ['text of 4097', 100, text(x(4097))],
  ['callback data of 513', 100, { ...text('x'), biz_opaque_callback_data: x(513) }],
  ['no buttons', 131009, buttons()],
  ['four buttons', 131009, buttons(button('a'), button('b'), button('c'), button('d'))],
  ['a button title of 21', 131009, buttons(button('a', x(21)))],
  ['a button id of 257', 131009, buttons(button(x(257), 'a'))],
  ['the same title twice', 131009, buttons(button('a', 'Yes'), button('b', 'Yes'))],
  [
    'an interactive body of 1025',
    131009,
    interactive({ type: 'button', body: { text: x(1025) }, action: { buttons: [button('a')] } }),
  ],
  ['a header of 61', 131009, { ...buttons(button('a')), interactive: { type: 'button', header: { type: 'text', text: x(61) }, body: { text: '?' }, action: { buttons: [button('a')] } } }], // prettier-ignore
  [
    'a footer of 61',
    131009,
    interactive({ type: 'button', footer: { text: x(61) }, action: { buttons: [button('a')] } }),
  ],
  [
    'an image header on a list',
    131009,
    list({ sections: [{ rows: rows(1) }] }, { header: { type: 'image', image: { id: '1' } } }),
  ],
  ['eleven rows in two sections', 131009, list({ sections: [{ title: 'A', rows: rows(6) }, { title: 'B', rows: rows(5, 6) }] })], // prettier-ignore
  [
    'two sections, one without title',
    131008,
    list({ sections: [{ title: 'A', rows: rows(1) }, { rows: rows(1, 1) }] }),
  ],
  ['a row title of 25', 131009, list({ sections: [{ rows: [{ id: '1', title: x(25) }] }] })],
  ['a row description of 73', 131009, list({ sections: [{ rows: [{ id: '1', title: 'a', description: x(73) }] }] })],
  ['the same row id twice', 131009, list({ sections: [{ rows: [...rows(1), ...rows(1)] }] })],
  ['a link label of 21', 131009, link(x(21))],
  ['a link that is none', 131009, link('Open', 'javascript:alert(1)')],
  ['a caption of 1025', 131009, { ...whatsapp, type: 'image', image: { id: '1', caption: x(1025) } }],
  ['media without id or link', 131008, { ...whatsapp, type: 'image', image: {} }],
  ['media with both', 131009, { ...whatsapp, type: 'image', image: { id: '1', link: 'https://x.de' } }],
  ['a parameter with a line break', 132018, template({ type: 'text', text: 'a\nb' })],
  ['a parameter with five spaces', 132018, template({ type: 'text', text: 'a     b' })],
  ['an empty parameter', 132018, template({ type: 'text', text: '' })],
  ['a read receipt without message', 131008, { messaging_product: 'whatsapp', status: 'read' }],
];

describe('validation of a send', () => {
  it.each(ACCEPTED)('takes %s', (_, body) => expect(codeOf(body)).toBeUndefined());
  it.each(REFUSED)('refuses %s with %i', (_, code, body) => expect(codeOf(body)).toBe(code));

  it('prefers the phone when both names are given', () => {
    expect(validateSend({ ...text('x'), recipient: 'US.1' })).toMatchObject({ recipient: { waId: '12125550101' } });
  });

  it('reads a receipt with typing', () => {
    const body = {
      messaging_product: 'whatsapp',
      status: 'read',
      message_id: 'wamid.x',
      typing_indicator: { type: 'text' },
    };
    expect(validateSend(body)).toEqual({ kind: 'read', messageId: 'wamid.x', typing: true });
  });
});
