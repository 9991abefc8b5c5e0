import { events } from '@parley/contracts';
import { NumberSlot } from '../domain/number-slot.js';
import { PairLimit } from '../domain/pair-limit.js';
import type { Send } from '../domain/send.js';
import { systemClock } from '../ports/clock.port.js';
import type { ClaimResult, Sends } from '../ports/sends.port.js';
import { DispatchSends } from './dispatch-sends.js';
import { NumberRate } from './number-rate.js';
import { PostSend } from './post-send.js';
import { WriteResults } from './write-results.js';

const NUMBER = '1066';

function sendOf(sendId: string, changes: Partial<Send> = {}): Send {
  const recipient = { phoneNumberId: NUMBER, userId: '', waId: '49170123456', profileName: '' };
  const content = { $case: 'text', value: { body: 'Hi' } } as const;
  const category = events.MessageCategory.REPLY;
  const message = { ...events.MessageRequested.fromPartial({ sendId, category }), recipient, content };
  const place = { lane: 'live', partition: 0, offset: BigInt(sendId), recipient: 'somebody' } as const;
  return { message, ...place, state: 'queued', attempts: 0, resent: false, notBefore: 0, unsent: 0, ...changes };
}

function dispatcher(refused: ReadonlySet<string> = new Set()) {
  const [posted, doubts]: [string[], Send[]] = [[], []];
  const sends = {
    claim: (claimed: Send[]) => Promise.resolve(new Set(claimed.map(({ message }) => message.sendId))),
    settle: (results: ClaimResult[]) =>
      Promise.resolve(new Map(results.map(({ send, outcome }) => [send.message.sendId, outcome.state]))),
  } as unknown as Sends;
  const leases = {
    lease: () =>
      Promise.resolve({
        slot: new NumberSlot(Date.now(), Date.now() + 1000, 1000),
        stoppedReason: '',
        stoppedForMs: 0,
      }),
    report: () => Promise.resolve(),
  };
  const channel = {
    post: (_number: string, payload: Record<string, unknown>) => {
      const sendId = String(payload['biz_opaque_callback_data']);
      posted.push(sendId);
      return Promise.resolve(
        refused.has(sendId)
          ? ({ kind: 'answered', code: 190, details: '', traceId: '', durationMs: 1 } as const)
          : ({ kind: 'accepted', messageId: 'wamid', durationMs: 1 } as const),
      );
    },
  };
  const rate = new NumberRate(NUMBER, 1000, leases, systemClock);
  const dispatch = new DispatchSends({
    sends,
    post: new PostSend(channel, { allows: () => Promise.resolve(true) }, systemClock),
    results: new WriteResults(sends),
    pairs: new PairLimit(),
    bulkBesideLive: 30,
    rates: new Map([[NUMBER, rate]]),
    clock: systemClock,
    onDoubt: (send) => doubts.push(send),
  });
  const allPosted = async (): Promise<string[]> => {
    while (dispatch.queues.count('live') > doubts.length) await new Promise((resolve) => setTimeout(resolve, 1));
    return posted;
  };
  return { dispatch, rate, posted, doubts, allPosted };
}

describe('sends to one recipient', () => {
  it('leave in the order of their topic, however they were found', async () => {
    const { dispatch, allPosted } = dispatcher();
    for (const id of ['3', '1', '2']) dispatch.enqueue(sendOf(id));
    // The first that was found was free to go; the others take their places behind it.
    expect(await allPosted()).toEqual(['1', '2', '3']);
  });

  it('wait behind one that is in doubt, until it is resolved', async () => {
    const { dispatch, posted, doubts, allPosted } = dispatcher();
    dispatch.enqueue(sendOf('2'));
    dispatch.enqueue(sendOf('1', { state: 'in-doubt', attempts: 1 }));
    expect(doubts).toHaveLength(1);
    const [doubt] = doubts.splice(0);
    expect(posted).toEqual([]);
    dispatch.resolve(doubt as Send, 'settled');
    expect(await allPosted()).toEqual(['2']);
  });

  it('go on when a partition left with a send in doubt comes back', async () => {
    const { dispatch, doubts, allPosted } = dispatcher();
    dispatch.enqueue(sendOf('1', { state: 'in-doubt', attempts: 1 }));
    await dispatch.release('live', [0]);
    doubts.splice(0);
    dispatch.enqueue(sendOf('2'));
    expect(await allPosted()).toEqual(['2']);
  });

  it('in doubt goes once more only when that is said', async () => {
    const { dispatch, doubts, allPosted } = dispatcher();
    dispatch.enqueue(sendOf('1', { state: 'in-doubt', attempts: 1 }));
    const [doubt] = doubts.splice(0);
    dispatch.resolve(doubt as Send, 'resend');
    expect(await allPosted()).toEqual(['1']);
    expect(doubt?.resent).toBe(true);
  });
});

describe('a number whose token was refused', () => {
  it('stays stopped when something gets through that had taken its turn before', async () => {
    const { dispatch, rate, posted } = dispatcher(new Set(['1']));
    const [first, second] = [sendOf('1', { recipient: 'one' }), sendOf('2', { recipient: 'two' })];
    await rate.prepare();
    while (!dispatch.takeNow(first)) await rate.wait(AbortSignal.timeout(1000));
    while (!dispatch.takeNow(second)) await rate.wait(AbortSignal.timeout(1000));
    dispatch.start(first);
    while (rate.stoppedReason === '') await new Promise((resolve) => setTimeout(resolve, 1));
    dispatch.start(second);
    while (dispatch.queues.has('2')) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(posted).toEqual(['1', '2']);
    expect(rate.stoppedReason).toBe('GRAPH.190');
    expect(dispatch.queues.has('1')).toBe(true);
    await dispatch.close();
  });
});
