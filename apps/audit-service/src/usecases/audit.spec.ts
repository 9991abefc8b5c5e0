import type { Evidence } from '../domain/evidence.js';
import { Ed25519Signer } from '../outbound/ed25519/ed25519-signer.js';
import { InMemoryHeads } from '../outbound/in-memory/in-memory-heads.js';
import { InMemoryPersons } from '../outbound/in-memory/in-memory-persons.js';
import { InMemoryTrail } from '../outbound/in-memory/in-memory-trail.js';
import { Clock } from '../ports/clock.port.js';
import { AppendEvidence } from './append-evidence.js';
import { QueryEntries, type Query } from './query-entries.js';
import { VerifyChains } from './verify-chains.js';

const SIGNER = Ed25519Signer.fromSeed(Buffer.alloc(32, 1));
const AT = new Date('2026-11-22T10:00:00Z');

class FixedClock extends Clock {
  override now(): Date {
    return AT;
  }
}

function setUp() {
  const [trail, persons] = [new InMemoryTrail(), new InMemoryPersons()];
  const append = new AppendEvidence(trail, persons, new FixedClock());
  const source = { topic: 'conversation.events', partition: 2, commit: () => Promise.resolve() };
  return {
    ...{
      persons,
      verify: new VerifyChains(trail, new InMemoryHeads(trail), SIGNER, new FixedClock()),
      query: new QueryEntries(trail, persons),
    },
    append: (...evidence: Evidence[]) => append.run(evidence, source),
  };
}

let count = 0;
const evidence = (over: Partial<Evidence> = {}): Evidence => ({
  ...{ eventId: `e${++count}`, topic: 'conversation.events', action: 'message_recorded', occurredAt: AT },
  ...{ order: '', session: '', requestIds: [], metadata: {}, content: 'hello' },
  ...over,
});
const ask = (over: Partial<Query>): Query => ({
  ...{ customer: '', order: '', session: '', requestId: '', limit: 0, pageToken: '' },
  ...over,
});

describe('the audit trail', () => {
  it('finds a customer by phone, wa_id and user id, also what was recorded under one of them alone', async () => {
    const { append, query } = setUp();
    await append(evidence({ person: { userId: '', waId: '49170' }, content: 'early' }));
    await append(evidence({ person: { userId: 'DE.1', waId: '49170' }, content: 'both' }));
    await append(evidence({ person: { userId: 'DE.1', waId: '' }, content: 'late' }));
    await append(evidence({ person: { userId: '', waId: '49171' }, content: 'somebody else' }));
    for (const customer of ['+49 170', '49170', 'DE.1']) {
      const { entries } = await query.run(ask({ customer }));
      expect(entries.map(({ content }) => content).sort()).toEqual(['both', 'early', 'late']);
    }
  });

  it('finds by order, session and request id, and by several of them at once', async () => {
    const { append, query } = setUp();
    await append(
      evidence({ order: 'SO-10023', session: 'c1', requestIds: ['wamid.1', 'trace'], content: 'one' }),
      evidence({ order: 'SO-10023', session: 'c2', requestIds: ['wamid.2'], content: 'two' }),
    );
    const contents = async (over: Partial<Query>): Promise<string[]> =>
      (await query.run(ask(over))).entries.map(({ content }) => content);
    expect(await contents({ order: '# so-10023' })).toEqual(['one', 'two']);
    expect(await contents({ session: 'c2' })).toEqual(['two']);
    expect(await contents({ requestId: 'trace' })).toEqual(['one']);
    expect(await contents({ order: 'SO-10023', requestId: 'wamid.2' })).toEqual(['two']);
    expect(await contents({ order: 'SO-10023', session: 'c1', requestId: 'wamid.2' })).toEqual([]);
  });

  it('reads on page by page', async () => {
    const { append, query } = setUp();
    await append(...Array.from({ length: 7 }, (_, n) => evidence({ session: 'c1', content: String(n) })));
    const read: string[] = [];
    for (let pageToken = '', more = true; more; more = pageToken !== '') {
      const page = await query.run(ask({ session: 'c1', limit: 3, pageToken }));
      read.push(...page.entries.map(({ content }) => content));
      pageToken = page.nextPageToken;
    }
    expect(read).toEqual(['0', '1', '2', '3', '4', '5', '6']);
  });

  it('shows neither content nor request ids once the key is gone, and is still whole', async () => {
    const { append, query, verify, persons } = setUp();
    const person = { userId: '', waId: '49170' };
    await append(evidence({ person, session: 'c1', requestIds: ['wamid.1'], content: { text: 'secret' } }));
    expect((await query.run(ask({ session: 'c1' }))).entries).toMatchObject([
      { content: '{"text":"secret"}', requestIds: ['wamid.1'] },
    ]);
    persons.erase(person);
    expect((await query.run(ask({ requestId: 'wamid.1' }))).entries).toMatchObject([{ content: '', requestIds: [] }]);
    expect(await verify.run()).toMatchObject({ chains: 1, entries: 1n, problems: [] });
  });

  it('takes an event once, within a batch and between batches', async () => {
    const { append, verify } = setUp();
    const once = evidence();
    expect(await append(once, once)).toBe(1);
    expect(await append(once)).toBe(0);
    expect(await verify.run('2026-11-22/conversation.events/2')).toMatchObject({ entries: 1n });
  });

  it.each<[string, Partial<Query>]>([
    ['AUDIT.NOTHING_ASKED', {}],
    ['AUDIT.NOTHING_ASKED', { from: AT }],
    ['AUDIT.BAD_CUSTOMER', { customer: '--' }],
    ['AUDIT.BAD_LIMIT', { session: 'c', limit: 5001 }],
    ['AUDIT.BAD_LIMIT', { session: 'c', limit: -1 }],
    ['AUDIT.BAD_PAGE_TOKEN', { session: 'c', pageToken: 'nonsense' }],
    ['AUDIT.BAD_PAGE_TOKEN', { session: 'c', pageToken: Buffer.from('["x",1,"y"]').toString('base64url') }],
  ])('answers %s', async (reason, over) => {
    await expect(setUp().query.run(ask(over))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', reason });
  });

  it('refuses to verify what is no chain', async () => {
    await expect(setUp().verify.run("x'; drop table")).rejects.toMatchObject({ reason: 'AUDIT.BAD_CHAIN' });
  });
});
