import { topics } from '@parley/event-bus';
import fc from 'fast-check';
import { maskBody, maskUnreadable, type Masking } from './mask-body.js';
import { splitWebhook } from './webhook-items.js';

/** All of the work at once. */
function done<T>(masking: Masking<T>): T {
  for (;;) {
    const step = masking.next();
    if (step.done) return step.value;
  }
}

const CARD = '4111 1111 1111 1111';
const CARD_ID = '4111111111111111';
const mask = (value: unknown): unknown => JSON.parse(done(maskBody(Buffer.from(JSON.stringify(value)))).toString());

/** A webhook with one message, of a customer whose every id would pass for a card number. */
function webhook(message: object, id = 'wamid.1'): Buffer {
  const own = { from: CARD_ID, id, timestamp: '1763800000', ...message };
  const value = {
    metadata: { display_phone_number: CARD_ID, phone_number_id: CARD_ID },
    contacts: [{ profile: { name: 'Ada' }, wa_id: CARD_ID, user_id: `DE.${CARD_ID}` }],
    messages: [own],
  };
  return Buffer.from(
    JSON.stringify({ object: 'w', entry: [{ id: CARD_ID, changes: [{ field: 'messages', value }] }] }),
  );
}

/** What is produced for a webhook: the message of its item as raw bytes have it, and the item as the log has it. */
function produced(body: Buffer): { message: Record<string, unknown>; bytes: Buffer } {
  const [item] = splitWebhook(done(maskBody(body)), new Date(0));
  if (item?.kind !== 'inbound') throw new Error('no message');
  const raw = JSON.parse(Buffer.from(item.value.raw).toString()) as {
    value: { messages: [Record<string, unknown>] };
  };
  return { message: raw.value.messages[0], bytes: Buffer.from(topics.whatsappInbound.encode(item.value)) };
}

describe('maskBody', () => {
  it.each([
    ['a text', { type: 'text', text: { body: CARD } }],
    ['a caption', { type: 'image', image: { id: '1', caption: CARD } }],
    ['a file name', { type: 'document', document: { id: '1', filename: `${CARD}.pdf` } }],
    ['a button', { type: 'button', button: { text: CARD, payload: 'p' } }],
    ['a choice', { type: 'interactive', interactive: { list_reply: { id: 'r', title: CARD, description: CARD } } }],
    ['a place', { type: 'location', location: { latitude: 1, longitude: 2, name: CARD, address: CARD } }],
    ['a contact', { type: 'contacts', contacts: [{ name: { formatted_name: CARD }, vcard: `NOTE:${CARD}` }] }],
    ['a form', { type: 'interactive', interactive: { nfm_reply: { response_json: JSON.stringify({ pay: CARD }) } } }],
    ['a form of numbers', { interactive: { nfm_reply: { response_json: `{"card_number":${CARD_ID}}` } } }],
    ['an order', { type: 'order', order: { catalog_id: '55', text: CARD } }],
    ['a kind never seen before', { type: 'telepathy', telepathy: { thoughts: [{ id: '1' }, CARD] } }],
  ])('masks what somebody wrote in %s', (_where, message) => {
    const { bytes } = produced(webhook(message));
    expect(bytes.includes(CARD)).toBe(false);
    expect(bytes.toString()).toContain('••••1111');
  });

  it('masks however it is spelled', () => {
    const spelled = '"\\u0034111 1111 1111 1111 and \\"my OTP is 482913\\""';
    const body = Buffer.from(`{"text":{"body":${spelled}}}`);
    expect(JSON.parse(done(maskBody(body)).toString())).toEqual({ text: { body: '••••1111 and "my OTP is ••••"' } });
  });

  it('leaves ids, phone numbers, moments, numbers and what is ours', () => {
    const ours = {
      id: CARD_ID,
      from: CARD_ID,
      wa_id: CARD_ID,
      phones: [{ phone: CARD_ID, wa_id: CARD_ID }],
      vcard: `BEGIN:VCARD\nTEL;waid=${CARD_ID}:+${CARD_ID}\nitem1.TEL:${CARD_ID}`,
      context: { id: `wamid.${CARD_ID}`, from: CARD_ID },
      timestamp: CARD_ID,
      biz_opaque_callback_data: CARD_ID,
      payload: CARD_ID,
      image: { id: CARD_ID, sha256: CARD_ID, url: `https://x/${CARD_ID}` },
      response_json: JSON.stringify({ flow_token: CARD_ID, order_id: CARD_ID }),
      time: Number(CARD_ID),
      text: { body: 'Track order 1234, parcel 00340434161094042557' },
    };
    expect(mask(ours)).toEqual(ours);
    const { message } = produced(webhook({ type: 'text', text: { body: CARD } }, `wamid.${CARD_ID}`));
    expect(message).toMatchObject({ from: CARD_ID, id: `wamid.${CARD_ID}`, text: { body: '••••1111' } });
  });

  it('leaves every byte of JSON in which nothing is masked', () => {
    const signs = fc.constantFrom('a', '"', '\\', '{', '}', '[', 'é', ':', '1', '\u0660');
    fc.assert(
      fc.property(fc.json({ stringUnit: signs }), (json) => {
        const bytes = Buffer.from(json);
        expect(done(maskBody(bytes))).toBe(bytes);
      }),
    );
  });

  it('always gives JSON of the same shape', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom(CARD, `"${CARD}\\`, '{"a":[', CARD_ID),
    );
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.constantFrom('id', 'body', 'response_json', '\\"'), text), { maxLength: 5 }),
        (list) => {
          const masked = mask(list) as Record<string, unknown>[];
          expect(masked.map((one) => Object.keys(one))).toEqual(list.map((one) => Object.keys(one)));
          masked.forEach((one, n) => expect(one['id']).toEqual(list[n]?.['id']));
        },
      ),
    );
  });

  it('is done with four megabytes of digits, and masks cards in a long text', () => {
    const text = `${'long story '.repeat(2000)}${CARD} ${'and on '.repeat(2000)}`;
    expect(JSON.stringify(mask({ text: { body: text } }))).not.toContain(CARD);
    const digits = Buffer.from(JSON.stringify({ body: '4'.repeat(4_000_000) }));
    expect(done(maskBody(digits)).length).toBe(digits.length);
  });
});

describe('much to mask', () => {
  it.each([
    ['one long text', { body: `${CARD} `.repeat(20_000) }],
    ['many texts', { body: Array<string>(20_000).fill(CARD) }],
    ['a contact card', { vcard: `NOTE:${CARD}\n`.repeat(20_000) }],
    ['a form', { response_json: JSON.stringify(Array<string>(20_000).fill(CARD)) }],
  ])('is put down again and again, in %s', (_where, value) => {
    const bytes = Buffer.from(JSON.stringify(value));
    const steps: number[] = [];
    const masking = maskBody(bytes);
    let step = masking.next();
    for (; !step.done; step = masking.next()) steps.push(step.value);
    expect(step.value.toString()).not.toContain(CARD);
    expect(Math.max(...steps)).toBeLessThan(5000);
    expect(steps.reduce((sum, characters) => sum + characters, 0)).toBeGreaterThan(bytes.length / 2);
  });
});

/** A number of so many digits whose last one makes it pass Luhn. */
function luhnNumber(digits: readonly number[]): string {
  const sum = digits.reduceRight((total, digit, at) => {
    const doubled = (digits.length - 1 - at) % 2 === 0 ? digit * 2 : digit;
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return `${digits.join('')}${(10 - (sum % 10)) % 10}`;
}

describe('what is produced', () => {
  const cards = fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: 12, maxLength: 18 })
    .filter((digits) => digits.some((digit) => digit !== 0))
    .map(luhnNumber);
  const separators = fc.constantFrom('', ' ', '-', '.', '/', '\u00a0', '\u200b', '\n', '\t', '"', '\\', ', ');

  it('holds no card number that somebody wrote, whatever separates its digits, and every id', () => {
    fc.assert(
      fc.property(cards, separators, fc.integer({ min: 1, max: 6 }), (card, separator, width) => {
        const groups = card.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
        const body = `my card: ${groups.join(separator)} ok`;
        const { message, bytes } = produced(webhook({ type: 'text', text: { body } }, `wamid.${card}`));
        const kept = (message['text'] as { body: string }).body;
        expect(kept.replaceAll(/\D/g, '')).not.toContain(card);
        expect(bytes.includes(groups.join(separator)) && separator !== '').toBe(false);
        expect(message).toMatchObject({ id: `wamid.${card}`, from: CARD_ID });
      }),
      { numRuns: 500 },
    );
  });
});

describe('maskUnreadable', () => {
  it('masks what is no JSON as one text, and half a body like a whole one', () => {
    expect(done(maskUnreadable(Buffer.from(`hello ${CARD}`))).toString()).toBe('hello ••••1111');
    const half = `{"id":"${CARD_ID}","text":{"body":"${CARD}`;
    expect(done(maskUnreadable(Buffer.from(half))).toString()).toBe(`{"id":"${CARD_ID}","text":{"body":"••••1111"`);
  });

  it('leaves bytes that are no text as they are, but for what is masked', () => {
    const bytes = Buffer.concat([Buffer.of(0xff, 0xfe, 0x20), Buffer.from(CARD), Buffer.of(0x20, 0xff)]);
    const masked = Buffer.concat([Buffer.of(0xff, 0xfe, 0x20), Buffer.from('****1111'), Buffer.of(0x20, 0xff)]);
    expect(done(maskUnreadable(bytes))).toEqual(masked);
    expect(done(maskUnreadable(Buffer.of(0xff, 0x31, 0x32)))).toEqual(Buffer.of(0xff, 0x31, 0x32));
  });
});
