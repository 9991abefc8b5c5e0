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
});
