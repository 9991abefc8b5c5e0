import { events } from '@parley/contracts';
import fc from 'fast-check';
import { advance, rankOf, type Progress } from './status-order.js';

const { SettledStatus } = events;
const AT = new Date('2026-11-22T10:00:00Z');
const unknown: Progress = { messageId: '', status: SettledStatus.UNSPECIFIED, reason: '', deliveredTwice: false };
const report = (status: events.SettledStatus, messageId = 'wamid.1') => {
  return { messageId, status, at: AT, reason: status === SettledStatus.FAILED ? 'GRAPH.131026' : '' };
};

describe('statuses', () => {
  it('come to the same in whatever order and however often they arrive', () => {
    const words = fc.constantFrom('accepted', 'sent', 'failed', 'delivered', 'read', 'played');
    fc.assert(
      fc.property(fc.array(words, { minLength: 1 }), fc.integer(), (seen, seed) => {
        const ranks = seen.map((word) => rankOf(word) ?? 0);
        const shuffled = [...ranks, ...ranks].sort((a, b) => ((a * 31 + seed) % 7) - ((b * 31 + seed) % 7));
        const after = shuffled.reduce((known, status) => advance(known, report(status)), unknown);
        expect(after.status).toBe(Math.max(...ranks));
        expect(after.reason).toBe(after.status === SettledStatus.FAILED ? 'GRAPH.131026' : '');
        expect(after.deliveredTwice).toBe(false);
      }),
    );
  });

  it('never seen before have no rank', () => {
    expect(rankOf('teleported')).toBeUndefined();
    expect(rankOf('constructor')).toBeUndefined();
  });

  it('of another copy say that the message went twice', () => {
    const first = advance(unknown, report(SettledStatus.SENT));
    expect(advance(first, report(SettledStatus.SENT, 'wamid.2')).deliveredTwice).toBe(true);
  });

  it('of another copy that failed say nothing', () => {
    const first = advance(unknown, report(SettledStatus.SENT));
    expect(advance(first, report(SettledStatus.FAILED, 'wamid.2'))).toBe(first);
  });
});
