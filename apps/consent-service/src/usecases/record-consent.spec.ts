import { Clock } from '../ports/clock.port.js';
import { InMemoryLedger } from '../outbound/in-memory/in-memory-ledger.js';
import { InMemoryPersons } from '../outbound/in-memory/in-memory-persons.js';
import { CheckConsent } from './check-consent.js';
import { ListEntries } from './list-entries.js';
import { RecordConsent, type RecordRequest } from './record-consent.js';

const NOW = new Date('2026-11-22T10:00:00Z');

class FixedClock extends Clock {
  override now(): Date {
    return NOW;
  }
}

function setUp() {
  const [ledger, persons] = [new InMemoryLedger(() => NOW), new InMemoryPersons()];
  const record = new RecordConsent(ledger, persons, new FixedClock());
  return { ledger, record, check: new CheckConsent(ledger, persons), list: new ListEntries(ledger, persons) };
}

const contact = { phoneNumberId: '1066', userId: '', waId: '49170' };
const request = (over: Partial<RecordRequest> = {}): RecordRequest => ({
  ...{ contact, purpose: 'all', granted: false, at: NOW, source: 'flow', evidenceRef: '', idempotencyKey: 'wamid.1' },
  ...over,
});

describe('recording consent', () => {
  it('is in force at once', async () => {
    const { record, check } = setUp();
    await record.run(request({ granted: true, purpose: 'marketing' }));
    expect(await check.run(contact, 'marketing')).toMatchObject({ allowed: true, reason: 'granted' });
    const later = new Date(NOW.getTime() + 60_000);
    const { entryId } = await record.run(request({ idempotencyKey: 'wamid.2', at: later }));
    expect(await check.run(contact, 'marketing')).toEqual({ allowed: false, reason: 'withdrawn', entryId });
    expect(await check.run(contact, 'utility')).toMatchObject({ allowed: false });
  });

  it('holds on every number of the business and for every way of writing the phone', async () => {
    const { record, check } = setUp();
    await record.run(request({ contact: { ...contact, waId: '5511987654321' } }));
    const other = { phoneNumberId: '2077', userId: 'BR.7', waId: '551187654321' };
    expect(await check.run(other, 'utility')).toMatchObject({ allowed: false });
  });

  it('takes the key as proof when there is no other', async () => {
    const { record, list } = setUp();
    await record.run(request());
    await record.run(request({ idempotencyKey: 'wamid.2', evidenceRef: 'form-7' }));
    const entries = await list.run(contact);
    expect(entries.map(({ evidenceRef }) => evidenceRef).sort()).toEqual(['form-7', 'wamid.1']);
  });

  it('does not believe a time that lies ahead: it would outlive every opt-out until then', async () => {
    const { record, list } = setUp();
    await record.run(request({ granted: true, at: new Date(NOW.getTime() + 3_600_000) }));
    expect((await list.run(contact)).map(({ at }) => at)).toEqual([NOW]);
  });

  it('joins the identities it was given together', async () => {
    const { record, check } = setUp();
    await record.run(request({ contact: { ...contact, userId: 'DE.1' } }));
    expect(await check.run({ ...contact, waId: '', userId: 'DE.1' }, 'utility')).toMatchObject({ allowed: false });
    expect(await check.run(contact, 'utility')).toMatchObject({ allowed: false });
  });

  it('refuses a key that wrote something else', async () => {
    const { record } = setUp();
    await record.run(request());
    await expect(record.run(request({ granted: true }))).rejects.toMatchObject({ reason: 'IDEMPOTENCY.KEY_REUSED' });
  });

  it.each<[string, Partial<RecordRequest>]>([
    ['CONSENT.NO_CONTACT', { contact: { phoneNumberId: '1066', userId: '', waId: '' } }],
    ['CONSENT.PURPOSE_UNKNOWN', { purpose: 'newsletter' }],
    ['CONSENT.SOURCE_UNKNOWN', { source: 'rumour' }],
    ['CONSENT.AT_MISSING', { at: undefined }],
    ['CONSENT.KEY_MISSING', { idempotencyKey: '' }],
  ])('refuses with %s', async (reason, over) => {
    const { record, ledger } = setUp();
    await expect(record.run(request(over))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', reason });
    expect(ledger.announced).toEqual([]);
  });

  it('refuses to check a purpose it does not know, and for nobody', async () => {
    const { check } = setUp();
    await expect(check.run(contact, 'all')).rejects.toMatchObject({ reason: 'CONSENT.PURPOSE_UNKNOWN' });
    await expect(check.run({ ...contact, waId: '' }, 'utility')).rejects.toMatchObject({
      reason: 'CONSENT.NO_CONTACT',
    });
  });
});
