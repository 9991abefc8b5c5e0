import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, UseGuards } from '@nestjs/common';
import type { Conversation, Line } from '../domain/conversation.js';
import { Conversations } from '../ports/conversations.port.js';
import { ReadConversations, type Named } from '../usecases/read-conversations.js';
import { bodies, parse } from './bodies.js';
import { SessionGuard, type SignedInRequest } from './session.guard.js';

/** Conversations for the page. The agent is whoever is signed in, never what a request says. */
@Controller('api/conversations')
@UseGuards(SessionGuard)
export class ConversationsHttp {
  constructor(
    private readonly read: ReadConversations,
    private readonly conversations: Conversations,
  ) {}

  @Get()
  async list(@Query('state') state: unknown): Promise<{ conversations: Named<Conversation>[] }> {
    return { conversations: await this.read.list(parse(bodies.states, state)) };
  }

  @Get(':id')
  get(@Param('id') id: string): Promise<{ conversation: Named<Conversation>; lines: Named<Line>[] }> {
    return this.read.get(parse(bodies.id, id));
  }

  @Post(':id/take-over')
  @HttpCode(200)
  async takeOver(@Param('id') id: string, @Req() { account }: SignedInRequest) {
    return this.answer(await this.conversations.takeOver(parse(bodies.id, id), account.id));
  }

  @Post(':id/reply')
  @HttpCode(200)
  async reply(@Param('id') id: string, @Body() body: unknown, @Req() { account }: SignedInRequest) {
    const { text, idempotencyKey } = parse(bodies.reply, body);
    const conversationId = parse(bodies.id, id);
    return { id: await this.conversations.reply({ conversationId, agentId: account.id, text, idempotencyKey }) };
  }

  @Post(':id/hand-back')
  @HttpCode(200)
  async handBack(@Param('id') id: string, @Req() { account }: SignedInRequest) {
    return this.answer(await this.conversations.handBack(parse(bodies.id, id), account.id));
  }

  private async answer(conversation: Conversation): Promise<{ conversation: Named<Conversation> | undefined }> {
    return { conversation: (await this.read.named([conversation]))[0] };
  }
}
