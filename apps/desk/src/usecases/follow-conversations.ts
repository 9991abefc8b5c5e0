import { AppError } from '@parley/errors';
import type { Clock } from '../ports/clock.port.js';
import type { Conversations } from '../ports/conversations.port.js';

/** What followers are told: a conversation changed ('' for any of them), or whether changes are heard at all. */
export type FeedEvent = { kind: 'changed'; conversationId: string } | { kind: 'link'; live: boolean };

type Follower = (event: FeedEvent) => void;

const PAUSE_MS = { first: 100, most: 2000 };

/** One stream of changes for the whole process, however many browsers are open. A lost stream is opened again, without end. */
export class FollowConversations {
  private readonly followers = new Set<Follower>();
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private live = false;
  private pause = PAUSE_MS.first;

  constructor(
    private readonly conversations: Conversations,
    private readonly clock: Clock,
    private readonly onLost: (error: AppError) => void = () => undefined,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Tells the follower how things stand, then what happens, until the returned function is called. */
  follow(follower: Follower): () => void {
    this.followers.add(follower);
    follower({ kind: 'link', live: this.live });
    return () => this.followers.delete(follower);
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await this.running;
    this.followers.clear();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        await this.conversations.watch({ onOpen: () => this.opened(), onChange: (id) => this.changed(id) }, signal);
      } catch (thrown) {
        if (this.live) this.onLost(AppError.from(thrown));
      }
      if (signal.aborted) return;
      this.setLive(false);
      await this.clock.sleep(this.pause, signal);
      this.pause = Math.min(this.pause * 2, PAUSE_MS.most);
    }
  }

  private opened(): void {
    this.setLive(true);
    // Whatever happened while nobody listened is found by reading everything again.
    this.changed('');
  }

  private changed(conversationId: string): void {
    this.pause = PAUSE_MS.first;
    this.tell({ kind: 'changed', conversationId });
  }

  private setLive(live: boolean): void {
    if (this.live === live) return;
    this.live = live;
    this.tell({ kind: 'link', live });
  }

  private tell(event: FeedEvent): void {
    for (const follower of this.followers) follower(event);
  }
}
