import fc from 'fast-check';
import { changes, entryIdOf, verdictOn, type Entry } from './consent.js';

const AT = new Date('2026-11-22T10:00:00Z');

function entry(over: Partial<Entry>): Entry {
  return { id: 'a', purpose: 'all', granted: true, at: AT, source: 'flow', evidenceRef: 'wamid.1', ...over };
}

const entries = fc.array(
  fc.record<Entry>({
    id: fc.uuid(),
    purpose: fc.constantFrom('marketing', 'utility', 'all'),
    granted: fc.boolean(),
    // Few instants, so that ties and equal seconds are common.
    at: fc.integer({ min: 0, max: 5000 }).map((ms) => new Date(AT.getTime() + ms)),
    source: fc.constantFrom('flow', 'stop-word'),
    evidenceRef: fc.constant('proof'),
  }),
  { maxLength: 12 },
);

describe('consent', () => {
  it('asks for a yes to marketing and for no no to utility', () => {
    expect(verdictOn('marketing', [])).toEqual({ allowed: false, reason: 'no-entry', entryId: '' });
    expect(verdictOn('utility', [])).toEqual({ allowed: true, reason: 'no-entry', entryId: '' });
  });

  it('lets the latest time decide, whatever came last', () => {
    const early = entry({ id: 'early', granted: true });
    const late = entry({ id: 'late', granted: false, at: new Date(AT.getTime() + 60_000) });
    expect(verdictOn('marketing', [late, early])).toEqual({ allowed: false, reason: 'withdrawn', entryId: 'late' });
  });

  it('lets the opt-out win within one second', () => {
    const no = entry({ id: 'no', granted: false });
    const yes = entry({ id: 'yes', granted: true, at: new Date(AT.getTime() + 999) });
    expect(verdictOn('utility', [no, yes]).allowed).toBe(false);
    expect(verdictOn('utility', [no, { ...yes, at: new Date(AT.getTime() + 1000) }]).allowed).toBe(true);
  });

  it('keeps utility when only marketing is stopped', () => {
    const no = entry({ purpose: 'marketing', granted: false });
    expect(verdictOn('utility', [no]).allowed).toBe(true);
    expect(verdictOn('marketing', [no]).reason).toBe('withdrawn');
  });

  it('comes to the same state in any order', () => {
    const permuted = entries.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(permuted, ([list, shuffled]) => {
        expect(verdictOn('marketing', shuffled)).toEqual(verdictOn('marketing', list));
        expect(verdictOn('utility', shuffled)).toEqual(verdictOn('utility', list));
      }),
    );
  });

  it('is not changed by the same entry again', () => {
    fc.assert(fc.property(entries, (list) => list.every((each) => !changes(list, each))));
  });

  it('is never allowed by an entry that says no', () => {
    fc.assert(
      fc.property(entries, (list) => {
        const before = verdictOn('marketing', list).allowed;
        const after = verdictOn('marketing', [...list, entry({ id: '0', granted: false })]).allowed;
        return before || !after;
      }),
    );
  });

  it('counts the first no to marketing as a change, and the second as none', () => {
    const no = entry({ purpose: 'marketing', granted: false });
    expect(changes([], no)).toBe(true);
    expect(changes([no], { ...no, id: 'b', at: new Date(AT.getTime() + 1000) })).toBe(false);
  });
});

describe('entryIdOf', () => {
  it('is one id per key and purpose', () => {
    expect(entryIdOf('wamid.1', 'all')).toBe(entryIdOf('wamid.1', 'all'));
    expect(entryIdOf('wamid.1', 'all')).not.toBe(entryIdOf('wamid.1', 'marketing'));
    expect(entryIdOf('wamid.1', 'all')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
