import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { conversation as wire, events } from '@parley/contracts';
import { Observable } from 'rxjs';
import { Changes } from '../ports/changes.port.js';
import type { AnsweredBy } from '../ports/conversation.js';
import { Conversations } from '../ports/conversations.port.js';
import { Erasure } from '../ports/erasure.port.js';
import { badRequest, conversationNotFound } from '../ports/errors.js';
import { HandBack } from '../usecases/hand-back.js';
import { ReplyAsAgent } from '../usecases/reply-as-agent.js';
import { TakeOver } from '../usecases/take-over.js';
import { entryOf, wireOf } from './conversation-wire.js';

const SERVICE = 'ConversationService';
/** In one call of an erasure. */
const MOST_CONTACTS = 100;

const STATES: Partial<Record<events.ConversationState, AnsweredBy>> = {
  [events.ConversationState.BOT]: 'bot',
  [events.ConversationState.QUEUED]: 'queued',
  [events.ConversationState.HUMAN]: 'human',
};

/** Conversations for the desk and for whoever else asks. */
@Controller()
export class ConversationGrpc {
  constructor(
    private readonly conversations: Conversations,
    private readonly changes: Changes,
    private readonly takeOverUseCase: TakeOver,
    private readonly replyUseCase: ReplyAsAgent,
    private readonly handBackUseCase: HandBack,
    private readonly erasure: Erasure,
  ) {}

  @GrpcMethod(SERVICE, 'getByPhone')
  async getByPhone({ phone, phoneNumberId }: wire.GetByPhoneRequest): Promise<wire.GetByPhoneResponse> {
    if (!/\d/.test(phone)) throw badRequest('A phone number has digits.');
    const [latest] = await this.conversations.findByPhone(phone, phoneNumberId);
    if (!latest) throw conversationNotFound();
    return { conversation: wireOf(latest) };
  }

  @GrpcMethod(SERVICE, 'getConversation')
  async getConversation(request: wire.GetConversationRequest): Promise<wire.GetConversationResponse> {
    const conversation = await this.conversations.get(request.conversationId);
    const lines = await this.conversations.transcripts([conversation.id], request.limit > 0 ? request.limit : 200);
    return { conversation: wireOf(conversation), transcript: (lines.get(conversation.id) ?? []).map(entryOf) };
  }

  @GrpcMethod(SERVICE, 'listConversations')
  async listConversations(request: wire.ListConversationsRequest): Promise<wire.ListConversationsResponse> {
    const states = request.states.flatMap((state) => STATES[state] ?? []);
    const limit = Math.min(request.limit > 0 ? request.limit : 100, 500);
    return { conversations: (await this.conversations.list(states, limit)).map(wireOf) };
  }

  @GrpcMethod(SERVICE, 'watchConversations')
  watchConversations(): Observable<wire.WatchConversationsResponse> {
    return new Observable((subscriber) => {
      const stop = this.changes.subscribe((conversationId) => subscriber.next({ conversationId }));
      // From here on nothing is missed; what changed before the watch began is to be read.
      subscriber.next({ conversationId: '' });
      return stop;
    });
  }

  @GrpcMethod(SERVICE, 'takeOver')
  async takeOver({ conversationId, agentId }: wire.TakeOverRequest): Promise<wire.TakeOverResponse> {
    return { conversation: wireOf(await this.takeOverUseCase.run(conversationId, required(agentId))) };
  }

  @GrpcMethod(SERVICE, 'reply')
  async reply(request: wire.ReplyRequest): Promise<wire.ReplyResponse> {
    required(request.agentId);
    return { sendId: await this.replyUseCase.run(request) };
  }

  @GrpcMethod(SERVICE, 'eraseContacts')
  async eraseContacts({ contacts }: wire.EraseContactsRequest): Promise<wire.EraseContactsResponse> {
    if (contacts.length > MOST_CONTACTS) throw badRequest(`At most ${MOST_CONTACTS} contacts at once.`);
    return { results: (await this.erasure.erase(contacts)).map((tables) => ({ tables })) };
  }

  @GrpcMethod(SERVICE, 'handBack')
  async handBack({ conversationId, agentId }: wire.HandBackRequest): Promise<wire.HandBackResponse> {
    return { conversation: wireOf(await this.handBackUseCase.run(conversationId, required(agentId))) };
  }
}

function required(agentId: string): string {
  if (agentId === '') throw badRequest('An agent has an id.');
  return agentId;
}
