import { draftsOf, type InboundItem } from './inbound.js';

const SENT = new Date('2026-11-22T10:00:00Z');
const RECEIVED = new Date('2026-11-22T10:00:03Z');

function item(over: Partial<InboundItem>): InboundItem {
  const contact = { phoneNumberId: '1066', userId: '', waId: '49170' };
  const base = { itemId: 'wamid.1', field: 'messages', contact, sentAt: SENT, receivedAt: RECEIVED };
  return { ...base, texts: [], preferences: [], alsoKnownAs: [], ...over };
}

const preference = (value: string, category = 'marketing_messages'): Partial<InboundItem> => ({
  field: 'user_preferences',
  preferences: [{ category, value, at: SENT }],
});

describe('draftsOf', () => {
  it('takes STOP as a no to everything, at the time it was sent, with the wamid as proof and key', () => {
    expect(draftsOf(item({ texts: ['Stop.'] }))).toMatchObject([
      {
        purpose: 'all',
        granted: false,
        at: SENT,
        source: 'stop-word',
        evidenceRef: 'wamid.1',
        idempotencyKey: 'wamid.1',
      },
    ]);
  });

  it('takes START as a yes', () => {
    expect(draftsOf(item({ texts: ['START'] }))).toMatchObject([
      { purpose: 'all', granted: true, source: 'start-word' },
    ]);
  });

  it('takes the label or the payload of a button', () => {
    expect(draftsOf(item({ texts: ['Keine Angebote', 'STOP'] }))).toMatchObject([{ granted: false }]);
  });

  it('sees nothing in other messages, in echoes, in history and from nobody', () => {
    const nobody = { phoneNumberId: '1066', userId: '', waId: '' };
    const others = [item({ texts: ['track order 1234'] }), item({ texts: ['stop'], contact: nobody })];
    const fields = ['smb_message_echoes', 'history', 'future'].map((field) => item({ field, texts: ['stop'] }));
    for (const each of [...others, ...fields]) expect(draftsOf(each)).toEqual([]);
  });

  it.each([
    ['stop', false],
    ['resume', true],
    ['signup', true],
  ])('takes the preference "%s"', (value, granted) => {
    expect(draftsOf(item(preference(value)))).toMatchObject([
      { purpose: 'marketing', granted, source: 'user-preferences' },
    ]);
  });

  it('takes a stop of a category it does not know for marketing, and a yes to one for nothing', () => {
    expect(draftsOf(item(preference('stop', 'calls')))).toMatchObject([{ purpose: 'marketing', granted: false }]);
    expect(draftsOf(item(preference('resume', 'calls')))).toEqual([]);
    expect(draftsOf(item(preference('pause')))).toEqual([]);
  });

  it('does not believe a time that lies ahead', () => {
    const ahead = new Date(RECEIVED.getTime() + 3_600_000);
    expect(draftsOf(item({ texts: ['stop'], sentAt: ahead }))).toMatchObject([{ at: RECEIVED }]);
    expect(draftsOf(item({ texts: ['stop'], sentAt: undefined }))).toMatchObject([{ at: RECEIVED }]);
  });
});
