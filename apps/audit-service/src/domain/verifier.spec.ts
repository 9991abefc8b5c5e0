import fc from 'fast-check';
import { canonicalJson, chainName, chainOn, genesis, hashOf } from './chain.js';
import type { Entry, Json, Unchained } from './evidence.js';
import { Verifier, type Problem } from './verifier.js';

const CHAIN = '2026-11-22/whatsapp.inbound/0';
const AT = new Date('2026-11-22T10:00:00Z');

function unchained(n: number): Unchained {
  const named = {
    eventId: `e${n}`,
    topic: 'whatsapp.inbound',
    action: 'message_received',
    customer: 'c',
    order: '1234',
  };
  const rest = { session: 's', tags: [BigInt(n)], metadata: { n, deep: { b: 1, a: [true, null] } } };
  return { ...named, ...rest, occurredAt: AT, recordedAt: AT, sealed: Buffer.from(`sealed ${n}`) };
}

const chain = (length: number, name = CHAIN): Entry[] =>
  chainOn(
    name,
    genesis(name),
    Array.from({ length }, (_, n) => unchained(n)),
  );

function verify(entries: readonly Entry[], heads = new Map<string, Entry>()): [string, number, string][] {
  const verifier = new Verifier(new Map([...heads].map(([name, { sequence, hash }]) => [name, { sequence, hash }])));
  for (const entry of entries) verifier.read(entry);
  return verifier.finish().problems.map(({ chain: name, sequence, kind }: Problem) => [name, Number(sequence), kind]);
}

describe('a chain', () => {
  it('is whole when nothing was touched, whatever was appended in how many batches', () => {
    const first = chain(3);
    const last = first.at(-1)!;
    const more = chainOn(CHAIN, last, [unchained(3), unchained(4)]);
    expect(verify([...first, ...more])).toEqual([]);
    expect([...first, ...more].map(({ sequence }) => sequence)).toEqual([1n, 2n, 3n, 4n, 5n]);
  });

  it('is named after day, topic and partition', () => {
    expect(chainName(new Date('2026-11-22T23:59:59.999Z'), 'consent.events', 3)).toBe('2026-11-22/consent.events/3');
  });

  const changed: [string, (entry: Entry) => Partial<Entry>][] = [
    ['the action', () => ({ action: 'other' })],
    ['the time', ({ occurredAt }) => ({ occurredAt: new Date(occurredAt.getTime() + 1) })],
    ['when it was taken', ({ recordedAt }) => ({ recordedAt: new Date(recordedAt.getTime() - 1) })],
    ['the customer', () => ({ customer: 'd' })],
    ['the order', () => ({ order: '1235' })],
    ['the session', () => ({ session: '' })],
    ['the tags', () => ({ tags: [] })],
    ['the metadata', ({ metadata }) => ({ metadata: { ...metadata, n: 99 } })],
    ['the ciphertext', () => ({ sealed: Buffer.from('sealed 9') })],
    ['the event', () => ({ eventId: 'e9' })],
  ];
  it.each(changed)('shows a change of %s', (_what, change) => {
    const entries = chain(4);
    entries[1] = { ...entries[1]!, ...change(entries[1]!) };
    expect(verify(entries)).toEqual([[CHAIN, 2, 'hash-mismatch']]);
  });

  it('shows a change whose own hash was computed again', () => {
    const entries = chain(4);
    const forged = { ...entries[1]!, order: '9999' };
    entries[1] = { ...forged, hash: hashOf(forged) };
    expect(verify(entries)).toEqual([[CHAIN, 3, 'broken-link']]);
  });

  it('shows a removed entry, wherever it was', () => {
    const entries = chain(4);
    const heads = new Map([[CHAIN, entries[3]!]]);
    expect(verify([entries[0]!, entries[2]!, entries[3]!], heads)).toEqual([[CHAIN, 2, 'gap']]);
    expect(verify(entries.slice(1), heads)).toEqual([[CHAIN, 1, 'gap']]);
    expect(verify(entries.slice(0, 3), heads)).toEqual([[CHAIN, 4, 'gap']]);
    expect(verify([], heads)).toEqual([[CHAIN, 1, 'gap']]);
  });

  it('shows entries that changed places, and an entry moved to another chain', () => {
    const entries = chain(3);
    const swapped = [entries[0]!, { ...entries[2]!, sequence: 2n }, { ...entries[1]!, sequence: 3n }];
    expect(new Set(verify(swapped).map(([, , kind]) => kind))).toEqual(new Set(['hash-mismatch', 'broken-link']));
    const other = '2026-11-22/whatsapp.inbound/1';
    expect(verify([{ ...entries[0]!, chain: other }]).map(([, , kind]) => kind)).toContain('broken-link');
  });

  it('shows a rewritten end by the head', () => {
    const entries = chain(3);
    const rewritten = chainOn(CHAIN, entries[1]!, [{ ...unchained(2), order: '9999' }]);
    expect(verify([...entries.slice(0, 2), ...rewritten], new Map([[CHAIN, entries[2]!]]))).toEqual([
      [CHAIN, 3, 'broken-link'],
    ]);
  });

  it('does not mind entries appended after the heads were read', () => {
    const entries = chain(3);
    expect(verify(entries, new Map([[CHAIN, entries[1]!]]))).toEqual([]);
  });

  it('counts chains and entries over several chains', () => {
    const verifier = new Verifier(new Map());
    for (const entry of [...chain(2), ...chain(3, '2026-11-23/whatsapp.inbound/0')]) verifier.read(entry);
    expect(verifier.finish()).toEqual({ chains: 2, entries: 5n, problems: [] });
  });
});

describe('canonicalJson', () => {
  it('is the same text for the same value in any order of keys, and survives a trip through JSON', () => {
    const value = fc.jsonValue() as fc.Arbitrary<Json>;
    fc.assert(
      fc.property(value, (json) => {
        const copy = JSON.parse(JSON.stringify(json)) as Json;
        expect(canonicalJson(copy)).toBe(canonicalJson(json));
        expect(JSON.parse(canonicalJson(json))).toEqual(copy);
      }),
    );
    expect(canonicalJson({ b: 1, a: { d: [], c: null } })).toBe('{"a":{"c":null,"d":[]},"b":1}');
  });
});
