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

  it('keeps identifiers, even those that look like a card number', () => {
    const item = { from: '4111111111111111', wa_id: '4111111111111111', id: 'wamid.1', timestamp: '1763800000' };
    expect(maskedContent(item)).toEqual(item);
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
