import { readEnvelope } from './webhook-envelope.js';

const numbered = (length: number): number[] => Array.from({ length }, (_, n) => n);
const entries = (count: number): Buffer =>
  Buffer.from(JSON.stringify({ object: 'w', entry: numbered(count).map((n) => ({ n })) }));
const changes = (count: number): Buffer =>
  Buffer.from(JSON.stringify({ object: 'w', entry: [{ id: '1', changes: numbered(count) }] }));

describe('readEnvelope', () => {
  it.each([
    ['10,000 entries', entries(10_000), 10_000],
    ['9,999 changes of an entry', changes(9_999), 9_999],
  ])('takes %s apart', (_what, body, count) => {
    expect(readEnvelope(body)).toHaveLength(count);
  });

  it.each([
    ['entries', entries(10_001)],
    ['changes', changes(10_000)],
  ])('keeps a body in one piece whose %s would take time to be taken apart', (_what, body) => {
    const [only, ...more] = readEnvelope(body);
    expect(more).toEqual([]);
    expect(only).toMatchObject({ value: undefined, slice: { start: 0, end: body.length } });
  });

  describe('a body with a million values', () => {
    const million = (part: string): string => `${`${part},`.repeat(999_999)}${part}`;
    const wrapped = (value: string): Buffer =>
      Buffer.from(`{"object":"w","entry":[{"id":"1","changes":[{"field":"messages","value":${value}}]}]}`);
    const { parse } = JSON;

    beforeAll(() => {
      JSON.parse = () => {
        throw new Error('parsed');
      };
    });
    afterAll(() => (JSON.parse = parse));

    it.each([
      ['entries', Buffer.from(`{"object":"w","entry":[${million('{}')}]}`)],
      ['messages', wrapped(`{"messages":[${million('{}')}]}`)],
      ['numbers', wrapped(`[${million('1')}]`)],
      ['keys', wrapped(`{${million('"k":1')}}`)],
    ])('as %s is kept in one piece and never parsed', (_what, body) => {
      expect(readEnvelope(body)).toMatchObject([{ value: undefined, slice: { start: 0, end: body.length } }]);
    });

    it('is still refused when it is no JSON or no envelope', () => {
      expect(() => readEnvelope(wrapped(`[${million('1')},]`))).toThrow(/not JSON/);
      expect(() => readEnvelope(wrapped(`[${million('01')}]`))).toThrow(/not JSON/);
      expect(() => readEnvelope(Buffer.from(`{"object":1,"entry":[${million('1')}]}`))).toThrow(/not an object/);
      expect(() => readEnvelope(Buffer.from(`[${million('1')}]`))).toThrow(/not an object/);
    });
  });
});
