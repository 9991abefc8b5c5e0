import { setImmediate as turn } from 'node:timers/promises';
import { Joiner } from './joiner.js';

describe('Joiner', () => {
  it('asks once for everything that became ready in the same turn', async () => {
    const calls: number[][] = [];
    const joiner = new Joiner('test', async (questions: number[]) => {
      calls.push(questions);
      return questions.map((n) => n * 2);
    });
    const first = Promise.all([1, 2, 3].map((n) => joiner.ask(n)));
    const nested = Promise.resolve().then(() => joiner.ask(4));
    expect(await first).toEqual([2, 4, 6]);
    expect(await nested).toBe(8);
    await turn();
    expect(await joiner.ask(5)).toBe(10);
    expect(calls).toEqual([[1, 2, 3, 4], [5]]);
  });

  it('keeps to the limit of the contract', async () => {
    const sizes: number[] = [];
    const joiner = new Joiner(
      'test',
      async (questions: number[]) => {
        sizes.push(questions.length);
        return questions;
      },
      2,
    );
    expect(await Promise.all([1, 2, 3, 4, 5].map((n) => joiner.ask(n)))).toEqual([1, 2, 3, 4, 5]);
    expect(sizes).toEqual([2, 2, 1]);
  });

  it('gives everybody the failure, and an answer that is missing to whom it is missing', async () => {
    const broken = new Joiner('test', async () => Promise.reject<number[]>(new Error('away')));
    const outcomes = await Promise.allSettled([broken.ask(1), broken.ask(2)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const short = new Joiner('test', async () => [null]);
    expect(await Promise.allSettled([short.ask(1), short.ask(2)])).toMatchObject([
      { status: 'fulfilled', value: null },
      { status: 'rejected' },
    ]);
  });
});
