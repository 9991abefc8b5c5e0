import type { Unchained } from '../domain/evidence.js';
import { Verifier, type Findings } from '../domain/verifier.js';
import type { Append, Search, Trail } from './trail.port.js';

/** What every trail promises. Tests use partitions and tags of their own, so that one trail may serve all of them. */
export function describeTrail(name: string, subject: () => Trail): void {
  let count = 0;
  const TOPIC = 'whatsapp.inbound';
  const today = new Date();
  const entry = (over: Partial<Unchained> = {}): Unchained => ({
    ...{ eventId: `${TOPIC}/${name}.${++count}`, topic: TOPIC, action: 'message_received', occurredAt: today },
    ...{ recordedAt: today, customer: 'someone', order: '1234', session: 's', tags: [BigInt(count)] },
    ...{ metadata: { n: count, text: 'é \u2400', list: [1.5, null] }, sealed: Buffer.from(`sealed ${count}`) },
    ...over,
  });
  const append = async (partition: number, entries: Unchained[], more: Partial<Append> = {}): Promise<number> => {
    const [added] = await subject().append({ parts: [{ topic: TOPIC, partition, entries }], ...more });
    return added ?? 0;
  };
  const search = (over: Partial<Search>) => subject().search({ tags: [], customers: [], limit: 100, ...over });
  const chainOf = (partition: number): string => `${today.toISOString().slice(0, 10)}/${TOPIC}/${partition}`;
  const verify = async (chain?: string): Promise<Findings> => {
    const verifier = new Verifier(await subject().heads(chain));
    for await (const entries of subject().read(chain)) entries.forEach((each) => verifier.read(each));
    return verifier.finish();
  };

  describe(`${name} as a trail`, () => {
    it('chains what is appended, batch after batch, without a gap', async () => {
      expect(await append(10, [entry(), entry()])).toBe(2);
      expect(await append(10, [entry()])).toBe(1);
      expect(await verify(chainOf(10))).toEqual({ chains: 1, entries: 3n, problems: [] });
    });

    it('returns entries as they were appended', async () => {
      const one = entry({ tags: [71n, -72n] });
      await append(11, [one]);
      expect(await search({ tags: [71n] })).toMatchObject([{ ...one, chain: chainOf(11), sequence: 1n }]);
    });

    it('takes an event once, alone or among others, and leaves no gap for the rest', async () => {
      const [one, two, three] = [entry(), entry(), entry()];
      await append(12, [one]);
      expect(await append(12, [one, two])).toBe(1);
      expect(await append(12, [one, two])).toBe(0);
      expect(await append(12, [two, three])).toBe(1);
      expect(await verify(chainOf(12))).toEqual({ chains: 1, entries: 3n, problems: [] });
    });

    it('takes parts of several chains at once, an event that is in two of them once', async () => {
      const [one, two, three] = [entry(), entry(), entry()];
      const part = (partition: number, entries: Unchained[]) => ({ topic: TOPIC, partition, entries });
      const parts = [part(32, [one, two]), part(31, [three]), part(32, [one, entry()]), part(33, [])];
      expect(await subject().append({ parts })).toEqual([2, 1, 1, 0]);
      expect(await subject().append({ parts: [part(31, [entry()]), ...parts] })).toEqual([1, 0, 0, 0, 0]);
      expect(await verify(chainOf(31))).toEqual({ chains: 1, entries: 2n, problems: [] });
      expect(await verify(chainOf(32))).toEqual({ chains: 1, entries: 3n, problems: [] });
      expect(await verify(chainOf(33))).toEqual({ chains: 0, entries: 0n, problems: [] });
    });

    it('appends nothing when the commit fails, and all of it the next time', async () => {
      const one = entry({ tags: [73n] });
      await expect(append(13, [one], { commit: () => Promise.reject(new Error('lost')) })).rejects.toThrow();
      expect(await search({ tags: [73n] })).toEqual([]);
      expect(await append(13, [one], { commit: () => Promise.resolve() })).toBe(1);
      expect(await verify(chainOf(13))).toMatchObject({ entries: 1n, problems: [] });
    });

    it('commits even when there is nothing to append', async () => {
      let commits = 0;
      await append(14, [], { commit: () => Promise.resolve(void commits++) });
      expect(commits).toBe(1);
    });

    it('finds entries that have all tags and are of any of the customers, within a time', async () => {
      const at = (second: number): Date => new Date(today.getTime() + second * 1000);
      const [a, b, c] = [
        entry({ tags: [81n, 91n], occurredAt: at(1) }),
        entry({ tags: [81n, 92n], occurredAt: at(2) }),
        entry({ tags: [82n, 92n], occurredAt: at(3) }),
      ];
      await append(15, [c, a, b]);
      const ids = async (over: Partial<Search>): Promise<string[]> =>
        (await search(over)).map(({ eventId }) => eventId);
      expect(await ids({ tags: [81n] })).toEqual([a.eventId, b.eventId]);
      expect(await ids({ customers: [91n, 92n] })).toEqual([a.eventId, b.eventId, c.eventId]);
      expect(await ids({ tags: [81n], customers: [92n] })).toEqual([b.eventId]);
      expect(await ids({ tags: [81n, 82n] })).toEqual([]);
      expect(await ids({ customers: [91n, 92n], from: at(2), until: at(3) })).toEqual([b.eventId]);
    });

    it('continues after a place', async () => {
      const entries = Array.from({ length: 5 }, () => entry({ tags: [101n] }));
      await append(16, entries);
      const first = await search({ tags: [101n], limit: 2 });
      const rest = await search({ tags: [101n], after: first[1] });
      expect([...first, ...rest].map(({ eventId }) => eventId)).toEqual(entries.map(({ eventId }) => eventId));
    });

    it('knows who is one person, over any number of links', async () => {
      await append(17, [], { links: [['a1', 'a2']] });
      await append(17, [], {
        links: [
          ['a3', 'a2'],
          ['a1', 'a2'],
        ],
      });
      expect((await subject().alsoKnownAs('a3')).sort()).toEqual(['a1', 'a2', 'a3']);
      expect(await subject().alsoKnownAs('b1')).toEqual(['b1']);
    });
  });
}
