import { AppError } from '@parley/errors';
import { events } from '@parley/contracts';
import { DoubtClock } from '../domain/doubt.js';
import type { Send, SendState } from '../domain/send.js';
import type { Sends } from '../ports/sends.port.js';
import { AwaitStatuses } from './await-statuses.js';
import { WriteResults } from './write-results.js';

const EVERY_MS = 500;
const WAIT_MS = 15_000;

function replyInDoubt(): Send {
  const message = events.MessageRequested.fromPartial({ sendId: '1', category: events.MessageCategory.REPLY });
  const place = { lane: 'live', partition: 0, offset: 1n, recipient: 'somebody' } as const;
  return { message, ...place, state: 'in-doubt', attempts: 1, resent: false, notBefore: 0, unsent: 0 };
}

function waiting() {
  let now = 0;
  let away = false;
  const resolved: (SendState | 'resend' | undefined)[] = [];
  const sends = {
    resolved: () =>
      away
        ? Promise.reject(new AppError({ code: 'UNAVAILABLE', reason: 'DB.AWAY', message: 'Away.', retryable: true }))
        : Promise.resolve(new Map<string, SendState>()),
  } as unknown as Sends;
  const awaiting = new AwaitStatuses(
    {
      sends,
      results: new WriteResults(sends),
      doubt: new DoubtClock(0),
      clock: { now: () => new Date(now) },
      waitMs: WAIT_MS,
      onResolved: (_send, state) => resolved.push(state),
    },
    // Only the test looks.
    EVERY_MS,
  );
  const pass = async (ms: number, isAway = false): Promise<void> => {
    away = isAway;
    for (const until = now + ms; now < until;) {
      now += EVERY_MS;
      await awaiting.look();
    }
  };
  const standStill = (ms: number): void => void (now += ms);
  return { awaiting, pass, standStill, resolved };
}

describe('a send in doubt', () => {
  it('goes again when the wait is over', async () => {
    const { awaiting, pass, resolved } = waiting();
    awaiting.add(replyInDoubt(), false);
    await pass(WAIT_MS - EVERY_MS);
    expect(resolved).toEqual([]);
    await pass(EVERY_MS);
    expect(resolved).toEqual(['resend']);
    await awaiting.close();
  });

  it('waits as much longer as the database was away: what came meanwhile is still to be read', async () => {
    const { awaiting, pass, resolved } = waiting();
    awaiting.add(replyInDoubt(), false);
    await pass(10_000);
    await pass(6000, true);
    await pass(4500);
    expect(resolved).toEqual([]);
    await pass(2000);
    expect(resolved).toEqual(['resend']);
    await awaiting.close();
  });

  it('waits as much longer as the process stood still', async () => {
    const { awaiting, pass, standStill, resolved } = waiting();
    awaiting.add(replyInDoubt(), false);
    await pass(10_000);
    standStill(60_000);
    await pass(4000);
    expect(resolved).toEqual([]);
    await pass(2000);
    expect(resolved).toEqual(['resend']);
    await awaiting.close();
  });
});
