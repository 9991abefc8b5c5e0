import {
  Server,
  ServerCredentials,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import { conversation as wire, events } from '@parley/contracts';
import { AppError } from '@parley/errors';
import { toStatus } from '@parley/grpc';
import type { Conversation, Line } from '../src/domain/conversation.js';
import type { InMemoryConversations } from '../src/outbound/in-memory/in-memory-conversations.js';
import { stateToWire } from '../src/outbound/grpc/wire.js';

type Watching = ServerWritableStream<wire.WatchConversationsRequest, wire.WatchConversationsResponse>;

const { Author, ConversationState, Direction, SettledStatus } = events;

/** Stands in for conversation-service: its contract, over real gRPC, in front of the in-memory conversations. */
export async function conversationServer(twin: InMemoryConversations): Promise<{ address: string; stop(): void }> {
  const server = new Server();
  const stateOf = (state: events.ConversationState) =>
    (['bot', 'queued', 'human'] as const).find((name) => stateToWire(name) === state) ?? 'bot';
  server.addService(wire.ConversationServiceService, {
    getByPhone: unary(() => Promise.reject(new Error('The desk does not ask this.'))),
    getConversation: unary(async ({ conversationId }: wire.GetConversationRequest) => {
      const { conversation, lines } = await twin.get(conversationId);
      return { conversation: toWire(conversation), transcript: lines.map(lineToWire) };
    }),
    listConversations: unary(async ({ states, limit }: wire.ListConversationsRequest) => {
      return { conversations: (await twin.list(states.map(stateOf))).slice(0, limit).map(toWire) };
    }),
    takeOver: unary(async ({ conversationId, agentId }: wire.TakeOverRequest) => {
      return { conversation: toWire(await twin.takeOver(conversationId, agentId)) };
    }),
    reply: unary(async (reply: wire.ReplyRequest) => ({ sendId: await twin.reply(reply) })),
    handBack: unary(async ({ conversationId, agentId }: wire.HandBackRequest) => {
      return { conversation: toWire(await twin.handBack(conversationId, agentId)) };
    }),
    watchConversations: (call: Watching) => {
      const left = new AbortController();
      call.on('cancelled', () => left.abort());
      const onChange = (conversationId: string): void => void call.write({ conversationId });
      void twin.watch({ onOpen: () => undefined, onChange }, left.signal).catch(() => call.end());
    },
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return { address: `127.0.0.1:${port}`, stop: () => server.forceShutdown() };
}

function unary<Q, R>(work: (request: Q) => Promise<R>) {
  return ({ request }: ServerUnaryCall<Q, R>, done: sendUnaryData<R>): void => {
    work(request).then(
      (response) => done(null, response),
      (thrown: unknown) => done(toStatus(AppError.from(thrown))),
    );
  };
}

function toWire({ phone, name, windowUntil, state, ...rest }: Conversation): wire.Conversation {
  return wire.Conversation.fromPartial({
    ...rest,
    contact: { waId: phone.slice(1), phoneNumberId: '1066', profileName: name },
    displayName: name,
    state: { bot: ConversationState.BOT, queued: ConversationState.QUEUED, human: ConversationState.HUMAN }[state],
    windowUntil: windowUntil ?? undefined,
  });
}

function lineToWire({ id, author, status, ...rest }: Line): wire.TranscriptEntry {
  return wire.TranscriptEntry.fromPartial({
    ...rest,
    messageId: id,
    direction: author === 'customer' ? Direction.INBOUND : Direction.OUTBOUND,
    author: { customer: Author.CUSTOMER, bot: Author.BOT, agent: Author.AGENT }[author],
    status: {
      '': SettledStatus.UNSPECIFIED,
      pending: SettledStatus.UNSPECIFIED,
      accepted: SettledStatus.ACCEPTED,
      sent: SettledStatus.SENT,
      failed: SettledStatus.FAILED,
      delivered: SettledStatus.DELIVERED,
      read: SettledStatus.READ,
      played: SettledStatus.PLAYED,
    }[status],
  });
}
