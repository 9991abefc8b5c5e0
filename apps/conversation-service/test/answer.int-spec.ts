import { eventually, type TestDatabase } from '@parley/testing';
import { conversationDatabase, instance, listen, said, type Instance } from './subject.js';

describe('answering from the log', () => {
  let database: TestDatabase;
  const instances: Instance[] = [];
  const start = (): Instance => {
    const one = instance(database);
    instances.push(one);
    return one;
  };

  beforeAll(async () => {
    database = await conversationDatabase();
  });
  afterEach(async () => {
    for (const one of instances.splice(0)) await one.close();
  });
  afterAll(() => database.close());

  it('answers a message', async () => {
    const one = start();
    const left = await listen(one.bus, 'test-answer');
    await one.consume();
    await one.bus.publish([said({ id: 'wamid.1', waId: '49170', text: 'Track order 1234' })]);
    await eventually(() => expect(left.sends).toHaveLength(1));
    expect(left.sends[0]).toMatchObject({
      recipient: { waId: '49170', phoneNumberId: '1066' },
      content: { $case: 'text', value: { body: 'You said: Track order 1234' } },
      inReplyTo: 'wamid.1',
      windowUntil: new Date('2026-11-23T09:58:00Z'),
    });
    // Messages and facts are topics of their own: one may be read before the other.
    const kinds = (): (string | undefined)[] => left.facts.map(({ event }) => event?.$case);
    await eventually(() => expect(kinds()).toEqual(['messageRecorded', 'intentUnderstood', 'messageRecorded']));
    const [conversation] = await one.adapters.conversations.findByPhone('+49 170', '');
    expect(conversation).toMatchObject({ state: 'bot', contact: { waId: '49170', profileName: 'Ada' } });
  });
});
