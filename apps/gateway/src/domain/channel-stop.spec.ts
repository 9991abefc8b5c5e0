import { ChannelStop } from './channel-stop.js';

const PAUSES = { first: 1000, most: 3000 };

describe('a stopped channel', () => {
  it('is probed after a pause that grows with each probe refused, not with what failed at the same time', () => {
    const stop = new ChannelStop('GRAPH.190', 'answer', 0, PAUSES);
    expect(stop.probeAt).toBe(1000);
    for (const now of [10, 20, 30]) stop.refused(now);
    expect(stop.probeAt).toBe(1030);
    stop.probe(1030);
    stop.refused(1040);
    expect(stop.probeAt).toBe(3040);
    stop.probe(3040);
    stop.refused(3050);
    expect(stop.probeAt).toBe(6050);
  });

  it('is over with the first answer to what was posted since, when answers were what stopped it', () => {
    const stop = new ChannelStop('GRAPH.190', 'answer', 500, PAUSES);
    expect([stop.accepted(499), stop.accepted(500), stop.accepted(501)]).toEqual([false, false, true]);
  });

  it('goes on for statuses of what was posted before, when answers were what stopped it', () => {
    expect(new ChannelStop('GRAPH.190', 'answer', 500, PAUSES).endsBy(9000)).toBe(false);
  });

  it('is over when a probe was accepted and no status spoke against it, when a status was what stopped it', () => {
    const stop = new ChannelStop('GRAPH.131042', 'status', 0, PAUSES);
    // Under way since before the stop: it says nothing.
    expect(stop.accepted(1000)).toBe(false);
    expect(stop.isOver(9000)).toBe(false);
    stop.probe(1000);
    expect(stop.accepted(1000)).toBe(false);
    expect(stop.isOver(1999)).toBe(false);
    stop.refused(1500);
    expect(stop.isOver(9000)).toBe(false);
    stop.probe(3500);
    stop.accepted(3500);
    expect(stop.isOver(5500)).toBe(true);
  });

  it('is over when something got through after it began', () => {
    const stop = new ChannelStop('GRAPH.131042', 'status', 5000, PAUSES);
    expect([stop.endsBy(5000), stop.endsBy(5001)]).toEqual([false, true]);
  });

  it('that somebody else reported is probed when its pause is over, so at once when it is old', () => {
    expect(new ChannelStop('GRAPH.190', 'elsewhere', 77, PAUSES)).toMatchObject({ probeAt: 1077, reported: true });
  });

  it('that somebody else reported does not end by a status of what was posted before, only after a probe', () => {
    const stop = new ChannelStop('GRAPH.190', 'elsewhere', 77, PAUSES);
    expect(stop.endsBy(9000)).toBe(false);
    stop.probe(1100);
    expect(stop.endsBy(9000)).toBe(false);
    stop.accepted(1100);
    expect(stop.endsBy(9000)).toBe(true);
  });

  it('is told again when a probe was refused, and not for what failed at the same time', () => {
    const stop = new ChannelStop('GRAPH.190', 'answer', 0, PAUSES);
    stop.reported = true;
    stop.refused(10);
    expect(stop.reported).toBe(true);
    stop.probe(1010);
    stop.refused(1020);
    expect(stop.reported).toBe(false);
  });
});
