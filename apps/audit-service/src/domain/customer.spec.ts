import { identitiesOf, identityFrom, personOfKey } from './customer.js';
import { normalOrder } from './order-number.js';

describe('a customer', () => {
  it('is named first by the user id, then by the phone', () => {
    expect(identitiesOf({ userId: 'DE.1', waId: '49170' }).map(({ value }) => value)).toEqual(['DE.1', '49170']);
    expect(identitiesOf({ userId: '', waId: '49170' })).toEqual([{ kind: 'wa_id', value: '49170' }]);
    expect(identitiesOf({ userId: '', waId: 'US.123' })).toEqual([{ kind: 'user_id', value: 'US.123' }]);
  });

  it.each(['+49 170 12345', '4917012345', '(49) 170-12345'])('is found by %s', (text) => {
    expect(identityFrom(text)).toEqual({ kind: 'wa_id', value: '4917012345' });
  });

  it('is found with and without the digit some countries add', () => {
    expect(identityFrom('+55 11 98765-4321')).toEqual(identityFrom('551187654321'));
  });

  it('is found by a user id, and not by nothing', () => {
    expect(identityFrom(' DE.88x ')).toEqual({ kind: 'user_id', value: 'DE.88x' });
    expect(identityFrom('  ')).toBeUndefined();
    expect(identityFrom('+-')).toBeUndefined();
  });

  it('is read from the key of a topic', () => {
    expect(personOfKey('1066:49170')).toEqual({ userId: '', waId: '49170' });
    expect(personOfKey('1066:DE.1')).toEqual({ userId: 'DE.1', waId: '' });
    expect(personOfKey('')).toBeUndefined();
    expect(personOfKey('1066:')).toBeUndefined();
  });
});

describe('an order number', () => {
  it('is the same in every way of writing it', () => {
    for (const text of ['#A1 B2', 'a1b2', '＃Ａ１Ｂ２', 'A١B٢', 'a१b२']) expect(normalOrder(text)).toBe('A1B2');
  });
});
