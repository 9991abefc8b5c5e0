import { FakeClock, type TestDatabase } from '@parley/testing';
import { PostgresErasure } from '../src/outbound/postgres/postgres-erasure.js';
import { conversationDatabase, instance, NUMBER, START, type Instance } from './subject.js';

const MAYA = { phoneNumberId: NUMBER, userId: 'US.1', waId: '12125550101', profileName: 'Maya' };
const TOM = { phoneNumberId: NUMBER, userId: '', waId: '12125550109', profileName: 'Tom' };

let database: TestDatabase;
let service: Instance;

beforeAll(async () => {
  database = await conversationDatabase();
  service = instance(database, new FakeClock(START));
}, 60_000);
afterAll(async () => {
  await service?.close();
  await database?.close();
});

describe('an erasure of conversations', () => {
  it('removes all that leads to somebody, and leaves the others', async () => {
    const { conversations } = service.adapters;
    const [maya, tom] = await conversations.open([MAYA, TOM]);
    // Her number of another business line is another conversation.
    const [elsewhere] = await conversations.open([{ ...MAYA, phoneNumberId: '2077' }]);
    const erasure = new PostgresErasure(service.db);
    const asked = [{ identities: [...maya!.identities, 'unknown'] }, { identities: ['nobody'] }];
    const [hers, nobodys] = await erasure.erase(asked);
    expect(Object.fromEntries(hers!.map(({ table, rows }) => [table, rows]))).toEqual({
      'conversation.conversation': 2n,
      'conversation.identity': 4n,
    });
    expect(nobodys).toEqual([]);
    await expect(conversations.get(maya!.id)).rejects.toMatchObject({ reason: 'CONVERSATION.NOT_FOUND' });
    await expect(conversations.get(elsewhere!.id)).rejects.toMatchObject({ reason: 'CONVERSATION.NOT_FOUND' });
    expect((await conversations.get(tom!.id)).contact.waId).toBe(TOM.waId);
    expect(await erasure.erase(asked)).toEqual([[], []]);
    const [back] = await conversations.open([MAYA]);
    expect(back!.id).not.toBe(maya!.id);
  });
});
