import { conversation as wire } from '@parley/contracts';
import { AppError, unavailable } from '@parley/errors';
import { grpcClient, type GrpcTls, type Promised } from '@parley/grpc';
import { passing } from '@parley/resilience';
import type { Conversation, ConversationState, Reply, Transcript } from '../../domain/conversation.js';
import { conversationNotFound } from '../../domain/errors.js';
import { Conversations, type Watcher } from '../../ports/conversations.port.js';
import { conversationFromWire, lineFromWire, stateToWire } from './wire.js';

/** As many as the service gives at once. */
const LIST_LIMIT = 500;
const DEADLINE_MS = 5000;
const CONNECT_MS = 5000;

/** The conversations of conversation-service. */
export class GrpcConversations extends Conversations {
  private readonly client: Promised<wire.ConversationServiceClient>;

  constructor(address: string, tls?: GrpcTls) {
    super();
    this.client = grpcClient(wire.ConversationServiceClient, address, {
      deadlineMs: DEADLINE_MS,
      tls,
      server: 'conversation-service',
    });
  }

  override async list(states: readonly ConversationState[]): Promise<Conversation[]> {
    const request = { states: states.map(stateToWire), limit: LIST_LIMIT };
    const { conversations } = await this.client.listConversations(request).catch(rethrow);
    return conversations.map(conversationFromWire);
  }

  override async get(conversationId: string): Promise<Transcript> {
    const answer = await this.client.getConversation({ conversationId, limit: 0 }).catch(rethrow);
    return { conversation: required(answer.conversation), lines: answer.transcript.map(lineFromWire) };
  }

  override async takeOver(conversationId: string, agentId: string): Promise<Conversation> {
    const { conversation } = await told(() => this.client.takeOver({ conversationId, agentId }));
    return required(conversation);
  }

  override async reply(reply: Reply): Promise<string> {
    return (await told(() => this.client.reply(reply))).sendId;
  }

  override async handBack(conversationId: string, agentId: string): Promise<Conversation> {
    const { conversation } = await told(() => this.client.handBack({ conversationId, agentId }));
    return required(conversation);
  }

  override async watch(watcher: Watcher, signal: AbortSignal): Promise<void> {
    const { raw } = this.client;
    await new Promise<void>((resolve, reject) =>
      raw.waitForReady(Date.now() + CONNECT_MS, (error) => (error ? reject(away(error)) : resolve())),
    );
    if (signal.aborted) return;
    const stream = raw.watchConversations({});
    const cancel = (): void => stream.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      await new Promise<void>((resolve, reject) => {
        stream.on('data', ({ conversationId }: wire.WatchConversationsResponse) => watcher.onChange(conversationId));
        stream.on('error', (error) => (signal.aborted ? resolve() : reject(away(error))));
        stream.on('end', () => (signal.aborted ? resolve() : reject(away())));
        watcher.onOpen();
      });
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  close(): void {
    this.client.close();
  }
}

/** What an agent decides: the service behind does it once, whatever happens in between. */
async function told<T>(command: () => Promise<T>): Promise<T> {
  await passing('desk.command.asking');
  const answer = await command().catch(rethrow);
  await passing('desk.command.answered');
  return answer;
}

function required(found: wire.Conversation | undefined): Conversation {
  if (!found) throw conversationNotFound();
  return conversationFromWire(found);
}

function away(cause?: unknown): AppError {
  return unavailable('CONVERSATIONS.UNAVAILABLE', 'The conversations cannot be reached.', cause);
}

/** The agent reads the message: without the method's name before it, and in words when nobody answered at all. */
function rethrow(thrown: unknown): never {
  const error = AppError.from(thrown);
  if (error.code === 'UNAVAILABLE' && error.reason.startsWith('GRPC.')) throw away(error);
  const { code, reason, retryable, details, cause } = error;
  const said = (cause as { details?: unknown } | undefined)?.details;
  const message = typeof said === 'string' && said !== '' ? said : error.message;
  throw new AppError({ code, reason, message, retryable, details, cause });
}
