import { FakeClock } from '@parley/testing';
import { InMemoryConversations } from '../outbound/in-memory/in-memory-conversations.js';
import { conversation } from '../ports/conversations.port.contract.js';
import { FollowConversations, type FeedEvent } from './follow-conversations.js';

/** Lets everything that is ready to run, run. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function follow() {
  const clock = new FakeClock();
  const conversations = new InMemoryConversations(clock);
  conversations.put(conversation({ id: 'c-1' }));
  const feed = new FollowConversations(conversations, clock);
  const heard: FeedEvent[] = [];
  const leave = feed.follow((event) => heard.push(event));
  return { clock, conversations, feed, heard, leave };
}

const LIVE: FeedEvent = { kind: 'link', live: true };
const LOST: FeedEvent = { kind: 'link', live: false };
const changed = (conversationId: string): FeedEvent => ({ kind: 'changed', conversationId });

describe('FollowConversations', () => {
  it('tells every follower what changes, over one stream', async () => {
    const { conversations, feed, heard, leave } = follow();
    feed.start();
    feed.start();
    await settled();
    const late: FeedEvent[] = [];
    feed.follow((event) => late.push(event));
    conversations.say('c-1', { author: 'customer', text: 'hi' });
    expect(heard).toEqual([LOST, LIVE, changed(''), changed('c-1')]);
    expect(late).toEqual([LIVE, changed('c-1')]);
    leave();
    conversations.say('c-1', { author: 'customer', text: 'again' });
    expect(heard).toHaveLength(4);
    expect(late).toHaveLength(3);
    await feed.close();
  });

  it('opens a lost stream again, later and later, and has everything read again', async () => {
    const { clock, conversations, feed, heard } = follow();
    feed.start();
    await settled();
    heard.length = 0;
    conversations.failure = new Error('away');
    conversations.loseWatchers(new Error('lost'));
    const pauses: number[] = [];
    for (let attempt = 0; attempt < 7; attempt++) {
      await settled();
      let waited = 0;
      for (; clock.sleeping > 0; waited += 100) {
        clock.advance(100);
        await Promise.resolve();
      }
      pauses.push(waited);
      if (attempt === 5) conversations.failure = undefined;
    }
    await settled();
    expect(pauses).toEqual([100, 200, 400, 800, 1600, 2000, 2000]);
    expect(heard).toEqual([LOST, LIVE, changed('')]);
    await feed.close();
  });

  it('stops at once when closed, also while it waits', async () => {
    const { conversations, feed } = follow();
    conversations.failure = new Error('away');
    feed.start();
    await settled();
    await feed.close();
  });
});
