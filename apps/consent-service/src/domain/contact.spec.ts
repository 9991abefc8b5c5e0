import { contactKey, identitiesOf } from './contact.js';

const contact = (over: object) => ({ phoneNumberId: '1066', userId: '', waId: '', ...over });

describe('identities', () => {
  it('are phone and user id, as far as known', () => {
    expect(identitiesOf(contact({ waId: '4917012345', userId: 'DE.1' }))).toEqual([
      { kind: 'wa_id', value: '4917012345' },
      { kind: 'user_id', value: 'DE.1' },
    ]);
    expect(identitiesOf(contact({}))).toEqual([]);
  });

  it.each([
    ['5511987654321', '551187654321'],
    ['5215512345678', '525512345678'],
    ['5491112345678', '541112345678'],
  ])('of %s meet those of %s', (long, short) => {
    const values = (waId: string): string[] => identitiesOf(contact({ waId })).map(({ value }) => value);
    expect(values(long)).toContain(short);
    expect(values(short)).toEqual([short]);
  });

  it('see a user id where the phone belongs', () => {
    expect(identitiesOf(contact({ waId: 'US.13491208655302741918' }))).toEqual([
      { kind: 'user_id', value: 'US.13491208655302741918' },
    ]);
  });
});

describe('contactKey', () => {
  it('is made of the payload alone', () => {
    expect(contactKey(contact({ waId: '49170', userId: 'DE.1' }))).toBe('1066:DE.1');
    expect(contactKey(contact({ waId: '49170' }))).toBe('1066:49170');
  });
});
