import { topics } from '@parley/event-bus';
import { eventually, type TestDatabase } from '@parley/testing';
import { conversationDatabase, instance, listen, said, type Instance } from './subject.js';

const GOOD = Array.from({ length: 300 }, (_, n) => said({ id: `wamid.${n}`, waId: `4917${1000 + n}` }));
/** It can be read and decided, but no table holds the moment it was written at. */
const BAD = said({ id: 'wamid.bad', waId: '49180', sentAt: new Date(-8.64e15) });

describe('a record that no table takes', () => {
  let database: TestDatabase;
  let one: Instance;

  beforeAll(async () => {
    database = await conversationDatabase();
    one = instance(database);
  });
  afterAll(async () => {
    await one.close();
    await database.close();
  });

  it('lies in the dead letters, and its neighbours are decided and answered once', async () => {
    const left = await listen(one.bus, 'test');
    await one.bus.publish([...GOOD.slice(0, 150), BAD, ...GOOD.slice(150)]);
    const subscription = await one.consume();
    await eventually(async () => {
      const letters = await one.bus.deadLetters.list(topics.whatsappInbound.name);
      expect(letters).toMatchObject([{ recordId: 'wamid.bad', reason: 'POSTGRES.FAILED' }]);
    });
    const good = GOOD.map(({ id }) => id).sort();
    await eventually(() => expect(left.sends.map(({ inReplyTo }) => inReplyTo).sort()).toEqual(good));
    expect(one.brain.turns.filter((id) => id !== 'wamid.bad').sort()).toEqual(good);
    await subscription.close();
  });
});
