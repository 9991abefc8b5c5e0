import type { Settled } from '../ports/conversation.js';
import type { Checkpoint, Conversations, Settlement } from '../ports/conversations.port.js';

/** Moves messages we sent forward, whatever order the news arrive in. */
export class SettleMessages {
  constructor(private readonly conversations: Conversations) {}

  async run(news: readonly Settlement[], checkpoint: Checkpoint): Promise<void> {
    const furthest = new Map<string, Settlement>();
    for (const one of news) {
      const known = furthest.get(one.sendId);
      furthest.set(one.sendId, known ? further(known, one) : one);
    }
    await this.conversations.settle([...furthest.values()], checkpoint);
  }
}

function further(a: Settlement, b: Settlement): Settlement {
  const [low, high] = a.settled <= b.settled ? [a, b] : [b, a];
  return { ...high, wamid: high.wamid || low.wamid };
}

/** A contract's status as a rank; what is unknown is lower than everything. */
export function settledOf(status: number): Settled {
  return status >= 1 && status <= 6 ? (status as Settled) : 0;
}
