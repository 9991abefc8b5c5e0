import { events } from '@parley/contracts';
import { afterDoubt, DoubtClock } from './doubt.js';
import { applyOutcome, settledAs, type SendRow } from './send.js';

const { MessageCategory, SettledStatus } = events;
const NOW = new Date('2026-11-22T10:00:00Z');
const WAIT = 60_000;

describe('the wait for a status', () => {
  it('begins with the doubt, while the gateway is up', () => {
    expect(new DoubtClock(0).deadline({ since: 5000, leftBehind: false }, WAIT)).toBe(65_000);
  });

  it('of a send left behind begins with the first status received since', () => {
    const clock = new DoubtClock(1000);
    clock.statusReceived(900);
    expect(clock.deadline({ since: 2000, leftBehind: true }, WAIT)).toBe(1000 + 120_000 + WAIT);
    clock.statusReceived(9000);
    clock.statusReceived(10_000);
    expect(clock.deadline({ since: 2000, leftBehind: true }, WAIT)).toBe(9000 + WAIT);
  });

  it('of a send that another replica left behind begins when it is found', () => {
    const clock = new DoubtClock(1000);
    clock.statusReceived(2000);
    expect(clock.deadline({ since: 50_000, leftBehind: true }, WAIT)).toBe(50_000 + WAIT);
  });
});

describe('a send still in doubt after the wait', () => {
  const reply = {
    bulk: false,
    category: MessageCategory.REPLY,
    template: false,
    resent: false,
    windowUntil: undefined,
  };

  it('is sent once more if it is a free-form reply with an open window', () => {
    expect(afterDoubt(reply, NOW)).toBe('resend');
    expect(afterDoubt({ ...reply, windowUntil: new Date(NOW.getTime() + 1) }, NOW)).toBe('resend');
  });

  it.each([
    { resent: true },
    { bulk: true },
    { template: true },
    { category: MessageCategory.MARKETING },
    { windowUntil: NOW },
  ])('is for a human if %j', (changes) => {
    expect(afterDoubt({ ...reply, ...changes }, NOW)).toBe('needs-human');
  });
});

describe('an outcome', () => {
  const row: SendRow = {
    sendId: 's',
    state: 'sending',
    status: SettledStatus.UNSPECIFIED,
    messageId: '',
    reason: '',
    attempts: 1,
    resent: false,
    deliveredTwice: false,
    retryAt: null,
  };

  it('of an earlier claim changes nothing', () => {
    expect(applyOutcome({ ...row, attempts: 2 }, 1, { state: 'settled', messageId: 'w' })).toBeUndefined();
    expect(applyOutcome({ ...row, state: 'waiting' }, 1, { state: 'settled', messageId: 'w' })).toBeUndefined();
  });

  it('does not take back what a status said', () => {
    const settled = { ...row, state: 'settled', status: SettledStatus.DELIVERED, messageId: 'w' } as const;
    expect(applyOutcome(settled, 1, { state: 'in-doubt', reason: 'HTTP.502' })).toBe(settled);
    expect(applyOutcome(settled, 1, { state: 'settled', messageId: 'w' })).toMatchObject({
      status: SettledStatus.DELIVERED,
    });
  });

  it('with another id than a status named says that it went twice', () => {
    const settled = { ...row, state: 'settled', status: SettledStatus.SENT, messageId: 'w1' } as const;
    const after = applyOutcome(settled, 1, { state: 'settled', messageId: 'w2' });
    expect(after?.deliveredTwice).toBe(true);
    expect(settledAs(settled, after as SendRow)).toBe(SettledStatus.SENT);
  });

  it('that never left does not count', () => {
    const after = applyOutcome(row, 1, { state: 'waiting', retryAt: NOW, reason: 'r', posted: false });
    expect(after).toMatchObject({ state: 'waiting', attempts: 0, retryAt: NOW });
  });
});
