import fc from 'fast-check';
import type { InboundItem } from '../domain/inbound.js';
import { InMemoryLedger } from '../outbound/in-memory/in-memory-ledger.js';
import { InMemoryPersons } from '../outbound/in-memory/in-memory-persons.js';
import { CheckConsent } from './check-consent.js';
import { TakeInbound } from './take-inbound.js';

const AT = Date.parse('2026-11-22T10:00:00Z');
const contact = { phoneNumberId: '1066', userId: '', waId: '49170' };
const commit = (): Promise<void> => Promise.resolve();

function setUp() {
  const [ledger, persons] = [new InMemoryLedger(), new InMemoryPersons()];
  return { ledger, take: new TakeInbound(ledger, persons), check: new CheckConsent(ledger, persons) };
}

function item(itemId: string, text: string, second: number, over: Partial<InboundItem> = {}): InboundItem {
  const sentAt = new Date(AT + second * 1000);
  const base = { itemId, field: 'messages', contact, sentAt, receivedAt: new Date(AT + 3_600_000), texts: [text] };
  return { ...base, preferences: [], alsoKnownAs: [], ...over };
}

describe('taking inbound items', () => {
  it('writes one entry for a STOP delivered many times, and announces it once', async () => {
    const { take, check, ledger } = setUp();
    const stop = item('wamid.1', 'STOP', 0);
    await take.run([item('wamid.0', 'track order 1234', 0), stop, stop], commit);
    await take.run([{ ...stop, sentAt: new Date(AT + 99_000) }], commit);
    expect(await check.run(contact, 'utility')).toMatchObject({ allowed: false, reason: 'withdrawn' });
    expect(ledger.announced).toHaveLength(1);
  });

  it('is not undone by a STOP that is delivered again after START', async () => {
    const { take, check } = setUp();
    const stop = item('wamid.1', 'STOP', 0);
    await take.run([stop, item('wamid.2', 'START', 10)], commit);
    await take.run([stop], commit);
    expect(await check.run(contact, 'marketing')).toMatchObject({ allowed: true });
  });

  it('follows a customer whose phone number changes', async () => {
    const { take, check } = setUp();
    const moved = { phoneNumberId: '1066', userId: '', waId: '49171' };
    await take.run([item('wamid.1', 'STOP', 0)], commit);
    await take.run([item('wamid.2', '', 5, { alsoKnownAs: [moved] })], commit);
    expect(await check.run(moved, 'utility')).toMatchObject({ allowed: false });
  });

  it('commits its place in the log even when nothing is about consent', async () => {
    const { take } = setUp();
    let commits = 0;
    await take.run([item('wamid.1', 'hello', 0)], () => Promise.resolve(void commits++));
    expect(commits).toBe(1);
  });

  it('comes to the same state in whatever order and grouping items arrive', async () => {
    const said = fc.array(fc.tuple(fc.constantFrom('stop', 'start', 'hello'), fc.nat(3)), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(said, fc.infiniteStream(fc.nat(99)), async (list, dice) => {
        const items = list.map(([text, second], index) => item(`wamid.${index}`, text, second));
        const shuffled = [...items].sort(() => (dice.next().value % 2 === 0 ? 1 : -1));
        const [one, other] = [setUp(), setUp()];
        await one.take.run(items, commit);
        for (const each of [...shuffled, ...shuffled]) await other.take.run([each], commit);
        for (const purpose of ['marketing', 'utility']) {
          expect(await other.check.run(contact, purpose)).toEqual(await one.check.run(contact, purpose));
        }
      }),
      { numRuns: 60 },
    );
  });
});
