import { verdictOn, type Entry } from '../domain/consent.js';
import type { Draft } from '../domain/inbound.js';
import { linksOf } from '../domain/links.js';
import type { Ledger, NewEntry } from './ledger.port.js';
import type { Persons } from './persons.port.js';

/** A ledger under test, empty, and what it has announced so far. */
export interface LedgerSubject {
  ledger: Ledger;
  persons: Persons;
  announced(): Promise<Pick<Entry, 'id'>[]>;
}

const AT = Date.parse('2026-11-22T10:00:00Z');

/** What every ledger promises. Each test uses people and keys of its own, so that one ledger may serve all of them. */
export function describeLedger(name: string, subject: () => LedgerSubject): void {
  let count = 0;
  const person = (over: Partial<Draft['contact']> = {}): Draft['contact'] => ({
    phoneNumberId: '1066',
    userId: '',
    waId: `4917${AT + ++count}`,
    ...over,
  });
  const draft = (over: Partial<Draft>): Draft => ({
    contact: person(),
    purpose: 'all',
    granted: false,
    at: new Date(AT),
    source: 'stop-word',
    evidenceRef: `wamid.${++count}`,
    idempotencyKey: `wamid.${count}`,
    ...over,
  });
  const sealed = async (...drafts: Draft[]): Promise<NewEntry[]> => {
    const people = await subject().persons.seal(drafts.map(({ contact }) => contact));
    return drafts.map((each, index) => ({ draft: each, person: people[index]! }));
  };
  const write = async (...drafts: Draft[]) => subject().ledger.write({ entries: await sealed(...drafts) });
  const entriesOf = (contact: Draft['contact']) => subject().ledger.entriesOf(subject().persons.hashes(contact));
  const announced = async (): Promise<string[]> => (await subject().announced()).map(({ id }) => id);

  describe(`${name} as a ledger`, () => {
    it('returns what was written, oldest first by what people said', async () => {
      const contact = person();
      const late = draft({ contact, granted: true, at: new Date(AT + 60_000), source: 'flow' });
      await write(late);
      await write(draft({ contact, at: new Date(AT), evidenceRef: 'wamid.early' }));
      const entries = await entriesOf(contact);
      expect(entries.map(({ granted }) => granted)).toEqual([false, true]);
      expect(entries[0]).toMatchObject({
        purpose: 'all',
        source: 'stop-word',
        evidenceRef: 'wamid.early',
        at: new Date(AT),
      });
      expect(entries[0]?.recordedAt).toBeInstanceOf(Date);
      expect(await entriesOf(person())).toEqual([]);
    });

    it('writes a key once, and announces it once', async () => {
      const once = draft({});
      const [first] = await write(once);
      const [second] = await write({ ...once, at: new Date(AT + 9000) });
      expect(first).toMatchObject({ created: true, changed: true, conflicting: false });
      expect(second).toMatchObject({ created: false, changed: false, conflicting: false, entryId: first?.entryId });
      expect(await entriesOf(once.contact)).toHaveLength(1);
      expect((await announced()).filter((id) => id === first?.entryId)).toHaveLength(1);
    });

    it('takes one key once for each purpose', async () => {
      const one = draft({ purpose: 'marketing' });
      const written = await write(one, { ...one, purpose: 'utility' });
      expect(written.map(({ created }) => created)).toEqual([true, true]);
    });

    it('says when a key was used for another answer or another person', async () => {
      const one = draft({});
      await write(one);
      expect(await write({ ...one, granted: true })).toMatchObject([{ conflicting: true, created: false }]);
      expect(await write({ ...one, contact: person() })).toMatchObject([{ conflicting: true, created: false }]);
      expect(await entriesOf(one.contact)).toHaveLength(1);
    });

    it('announces only entries that change what may be sent', async () => {
      const contact = person();
      const later = (n: number) => new Date(AT + n * 1000);
      const written = await write(
        draft({ contact, at: later(10) }),
        draft({ contact, at: later(20) }),
        draft({ contact, granted: true, at: later(5) }),
        draft({ contact, granted: true, at: later(30) }),
      );
      expect(written.map(({ changed }) => changed)).toEqual([true, false, false, true]);
      const known = await announced();
      expect(written.map(({ entryId }) => known.includes(entryId))).toEqual([true, false, false, true]);
    });

    it('leaves out entries of items it has seen, and announces nothing for them', async () => {
      const stop = draft({});
      const entries = await sealed(stop);
      const items = { entries, itemIds: [stop.evidenceRef] };
      expect(await subject().ledger.write(items)).toHaveLength(1);
      expect(await subject().ledger.write(items)).toEqual([]);
      expect(await entriesOf(stop.contact)).toHaveLength(1);
    });

    it('writes nothing when the commit fails, and all of it the next time', async () => {
      const stop = draft({});
      const entries = await sealed(stop);
      const itemIds = [stop.evidenceRef];
      const failing = subject().ledger.write({ entries, itemIds, commit: () => Promise.reject(new Error('lost')) });
      await expect(failing).rejects.toThrow();
      expect(await entriesOf(stop.contact)).toEqual([]);
      const [written] = await subject().ledger.write({ entries, itemIds, commit: () => Promise.resolve() });
      expect(written).toMatchObject({ created: true, changed: true });
      expect(await announced()).toContain(written?.entryId);
    });

    it('keeps what erased people said as that of a pseudonym: an opt-out holds, a grant does not', async () => {
      const { ledger, persons } = subject();
      const [no, yes, silent] = [person(), person(), person()];
      await write(draft({ contact: no }), draft({ contact: yes, granted: true }));
      const erased = [no, yes, silent].map((contact) => ({
        ...{ identities: persons.hashes(contact), erasedAt: new Date(AT + 60_000) },
      }));
      expect(await ledger.erase(erased)).toEqual([
        { hidden: 1n, withdrawn: false },
        { hidden: 1n, withdrawn: true },
        { hidden: 0n, withdrawn: false },
      ]);
      expect(verdictOn('utility', await entriesOf(no))).toMatchObject({ allowed: false, reason: 'withdrawn' });
      expect(verdictOn('marketing', await entriesOf(yes))).toMatchObject({ allowed: false, reason: 'withdrawn' });
      const [kept, withdrawal] = await entriesOf(yes);
      expect(kept).toMatchObject({ granted: true, source: 'stop-word', at: new Date(AT) });
      expect(kept?.evidenceRef).toMatch(/^erased:[0-9a-f]{64}$/);
      expect(withdrawal).toMatchObject({ granted: false, source: 'erasure', purpose: 'all' });
      expect((await ledger.erase(erased)).every(({ hidden, withdrawn }) => hidden === 0n && !withdrawn)).toBe(true);
      // Who comes back may say yes again.
      await write(draft({ contact: yes, granted: true, at: new Date(AT + 120_000) }));
      expect(verdictOn('marketing', await entriesOf(yes))).toMatchObject({ allowed: true });
    });

    it('finds a person by each identity once they are known to be one', async () => {
      const { ledger, persons } = subject();
      const byPhone = person();
      const byUser = person({ waId: '', userId: `DE.${++count}` });
      await write(draft({ contact: byPhone }));
      expect(await entriesOf(byUser)).toEqual([]);
      const links = linksOf([...persons.hashes(byPhone), ...persons.hashes(byUser)]);
      await ledger.write({ entries: [], links });
      await ledger.write({ entries: [], links });
      expect(await entriesOf(byUser)).toHaveLength(1);
      // What was said under one identity counts for what changes under the other.
      expect(await write(draft({ contact: byUser, at: new Date(AT + 5000) }))).toMatchObject([{ changed: false }]);
      expect(await entriesOf(byPhone)).toHaveLength(2);
    });
  });
}
