import { FakeClock } from '@parley/testing';
import { GrpcConversations } from '../src/outbound/grpc/grpc-conversations.js';
import { InMemoryConversations } from '../src/outbound/in-memory/in-memory-conversations.js';
import { conversation, describeConversations } from '../src/ports/conversations.port.contract.js';
import { conversationServer } from './conversation-server.js';

let server: Awaited<ReturnType<typeof conversationServer>>;
let conversations: GrpcConversations;
const twin = new InMemoryConversations(new FakeClock());

beforeAll(async () => {
  server = await conversationServer(twin);
  conversations = new GrpcConversations(server.address);
});
afterAll(() => {
  conversations?.close();
  server?.stop();
});

describeConversations('Grpc', () => ({
  conversations,
  put: (one) => twin.put(one),
  say: (id, text) => twin.say(id, { author: 'customer', text }),
}));

describe('GrpcConversations', () => {
  it('reads every tick, and calls an unknown customer by the number', async () => {
    twin.put(conversation({ id: 'ticks', name: '' }));
    const statuses = ['pending', 'accepted', 'sent', 'failed', 'delivered', 'read', 'played'] as const;
    for (const status of statuses) twin.say('ticks', { author: 'bot', text: status, status, choices: ['Yes', 'No'] });
    const read = await conversations.get('ticks');
    expect(read.lines.map(({ status }) => status)).toEqual(statuses);
    expect(read.lines[0]).toMatchObject({ author: 'bot', choices: ['Yes', 'No'] });
    expect(read.conversation.name).toBe('+12125550101');
  });

  it('keeps the words of an error, without the name of the call', async () => {
    await expect(conversations.get('nowhere')).rejects.toMatchObject({ message: 'There is no such conversation.' });
  });

  it('says in one way that nobody answers, also for a stream that breaks', async () => {
    const other = await conversationServer(twin);
    const lonely = new GrpcConversations(other.address);
    const { promise: opened, resolve: onOpen } = Promise.withResolvers<void>();
    const watching = lonely.watch({ onOpen, onChange: () => undefined }, new AbortController().signal);
    await opened;
    await lonely.list([]);
    other.stop();
    const away = { code: 'UNAVAILABLE', reason: 'CONVERSATIONS.UNAVAILABLE' };
    await expect(watching).rejects.toMatchObject(away);
    await expect(lonely.list([])).rejects.toMatchObject(away);
    lonely.close();
  });
});
