import { Chats, type ChatEntry } from './chat.js';
import { Customers } from './customers.js';
import { newWamid, userIdOf } from './identifiers.js';
import { Ring } from './ring.js';

const entry = (id: string, direction: 'in' | 'out' = 'out'): ChatEntry => ({
  id,
  direction,
  at: '',
  status: 'sent',
  type: 'text',
});

describe('chats', () => {
  it('move ticks forward only', () => {
    const chats = new Chats();
    chats.add('1', entry('a', 'in'));
    expect(chats.tick('1', 'a', 'read')?.status).toBe('read');
    expect(chats.tick('1', 'a', 'delivered')).toBeUndefined();
    expect(chats.find('1', 'a')?.status).toBe('read');
  });

  it('mark everything up to a message as read', () => {
    const chats = new Chats();
    for (const id of ['a', 'b', 'c']) chats.add('1', entry(id));
    expect(chats.markReadUpTo('1', 'b').map(({ id }) => id)).toEqual(['a', 'b']);
    expect([chats.ownerOf('c'), chats.ownerOf('x')]).toEqual(['1', undefined]);
  });
});

describe('ring', () => {
  it('keeps the newest', () => {
    const ring = new Ring<number>(3);
    for (let i = 1; i <= 10; i += 1) ring.push(i);
    expect(ring.list()).toEqual([8, 9, 10]);
  });
});

describe('customers', () => {
  it('have a user id that follows from the phone and carries the country', () => {
    const customers = new Customers();
    expect(customers.list()).toHaveLength(12);
    expect(customers.byPhone('+971500100106')?.userId).toBe(userIdOf('971500100106'));
    expect(userIdOf('971500100106')).toMatch(/^AE\.\d{19}$/);
    expect(customers.byUser(userIdOf('12125550101'))?.name).toBe('Maya Patel');
  });

  it('keep what is not given when they change', () => {
    const customers = new Customers();
    expect(customers.put({ phone: '+12125550101', hidePhone: true })).toMatchObject({
      name: 'Maya Patel',
      hidePhone: true,
    });
    customers.put({ phone: '+12125550101', userId: 'US.9' });
    expect([customers.byUser('US.9')?.name, customers.byUser(userIdOf('12125550101'))]).toEqual([
      'Maya Patel',
      undefined,
    ]);
  });
});

describe('message ids', () => {
  it('are never the same twice', () => {
    const ids = Array.from({ length: 1_000 }, () => newWamid('12125550101', 'from-customer'));
    expect(new Set(ids).size).toBe(1_000);
    expect(ids[0]).toMatch(/^wamid\.[A-Za-z0-9+/]+=*$/);
  });
});
