import fc from 'fast-check';
import { maskedContent, maskedMetadata, maskIdentifiers, storable } from './masking.js';

describe('metadata', () => {
  it('loses e-mail addresses, phone numbers, cards and IBANs', () => {
    const secrets = [
      'ada@example.com',
      '+49 170 1234567',
      '(0170) 1234567',
      '4111 1111 1111 1111',
      'DE89370400440532013000',
    ];
    for (const secret of secrets) expect(maskIdentifiers(`see ${secret}.`)).not.toMatch(/\d{3}[ -]?\d{2}|@example/);
  });

  it('keeps times, numbers, words and uuids', () => {
    const kept = [
      '2026-11-22T10:00:00.000Z',
      '2026-11-22',
      'GRAPH.131026',
      '3f1c6d2e-9a4b-4c1d-8e2f-001122334455',
      'track-order@1',
    ];
    expect(kept.map(maskIdentifiers)).toEqual(kept);
    expect(maskedMetadata({ n: 1.5, yes: true, at: new Date(0), gone: undefined, list: [131026] })).toEqual({
      ...{ n: 1.5, yes: true, at: '1970-01-01T00:00:00.000Z' },
      list: [131026],
    });
  });
});

describe('content', () => {
  it('loses card numbers, IBANs and one-time codes wherever they stand', () => {
    const content = maskedContent({ text: { body: 'my card 4111 1111 1111 1111' }, list: ['your OTP is 482913'] });
    const text = JSON.stringify(content);
    expect(text).not.toContain('1111 1111');
    expect(text).not.toContain('482913');
  });

  it('keeps identifiers of things, even those that look like a card number, and none of people', () => {
    const item = { id: 'wamid.1', timestamp: '1763800000', phone_number_id: '4111111111111111', sendId: '12125550101' };
    expect(maskedContent(item)).toEqual(item);
    const people = { from: '12125550101', wa_id: '12125550101', userId: 'US.1', profile: { name: 'Maya' }, email: '' };
    expect(maskedContent({ ...item, ...people })).toEqual({
      ...item,
      ...{ from: '•••', wa_id: '•••', userId: '•••', profile: '•••', email: '' },
    });
  });

  it('loses e-mail addresses and phone numbers, however they are written', () => {
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 7, maxLength: 11 }).map((all) => all.join(''));
    const phones = fc
      .tuple(fc.constantFrom('+', '00'), fc.integer({ min: 1, max: 9 }), digits)
      .map(([prefix, country, rest]) => `${prefix}${country}${rest}`);
    fc.assert(
      fc.property(phones, fc.constantFrom('', ' ', '-', '.', ') ', ' - '), fc.nat(9), (phone, separator, at) => {
        const place = 3 + (at % 4);
        const text = `call ${phone.slice(0, place)}${separator.slice(0, 2)}${phone.slice(place)} please`;
        expect(JSON.stringify(maskedContent(text)).replaceAll(/\D/g, '').length).toBeLessThan(
          phone.replace('+', '').length,
        );
      }),
    );
    fc.assert(
      fc.property(fc.emailAddress(), (address) => {
        expect(maskedContent(`write to ${address}, please`)).not.toContain(address.slice(1));
      }),
    );
  });

  it('keeps order numbers, prices and times', () => {
    for (const text of [
      ...['Track order 1234', 'SO-10023', 'WEB/2026/00081', '#A1B2', 'order 100000001', '1,299.00 EUR for 2 items'],
      ...['by 4 PM on 2026-11-22', 'between 2026-11-22 10:00 and 12:00'],
    ]) {
      expect(maskedContent(text)).toBe(text);
    }
  });

  it('becomes storable whatever it was', () => {
    const odd = {
      a: 'x\u0000y\ud800',
      b: 1n,
      c: Number.NaN,
      d: new Uint8Array([1]),
      e: undefined,
      f: () => 1,
      g: [undefined],
    };
    expect(maskedContent(odd)).toEqual({ a: 'x\u2400y\ufffd', b: '1', c: 'NaN', d: 'AQ==', g: [null] });
    let deep: unknown = 'end';
    for (let n = 0; n < 5000; n++) deep = [deep];
    expect(JSON.stringify(maskedContent(deep)).length).toBeLessThan(300);
    expect(storable('plain')).toBe('plain');
  });
});
