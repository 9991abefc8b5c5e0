import { Controller, Get, Req, Res, UseGuards } from '@nestjs/common';
import type { Response } from 'express';
import { CheckSession } from '../usecases/check-session.js';
import { FollowConversations, type FeedEvent } from '../usecases/follow-conversations.js';
import { SessionGuard, type SignedInRequest } from './session.guard.js';

/** Shorter than the idle time limit of any proxy worth the name. */
const HEARTBEAT_MS = 15_000;

/** Server-sent events: `changed` {id}, empty when everything is to be read again; `link` {live}; `signed-out`. */
@Controller('api/events')
@UseGuards(SessionGuard)
export class EventsHttp {
  constructor(
    private readonly feed: FollowConversations,
    private readonly sessions: CheckSession,
  ) {}

  @Get()
  events(@Req() req: SignedInRequest, @Res() res: Response): void {
    res.set({ 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
    res.write('retry: 1000\n\n');
    const leave = this.feed.follow((event) => res.write(wire(event)));
    const heartbeat = setInterval(() => void this.beat(req.token, res), HEARTBEAT_MS);
    res.on('close', () => {
      clearInterval(heartbeat);
      leave();
    });
  }

  /** A stream must not outlive its session. Looking is no use of it, else an open page would never idle. */
  private async beat(token: string, res: Response): Promise<void> {
    const signedIn = await this.sessions.run(token, true).then(
      () => true,
      (thrown: { code?: string }) => thrown.code !== 'UNAUTHENTICATED',
    );
    if (signedIn) res.write(': still here\n\n');
    else res.end('event: signed-out\ndata: {}\n\n');
  }
}

function wire(event: FeedEvent): string {
  if (event.kind === 'link') return `event: link\ndata: ${JSON.stringify({ live: event.live })}\n\n`;
  return `event: changed\ndata: ${JSON.stringify({ id: event.conversationId })}\n\n`;
}
