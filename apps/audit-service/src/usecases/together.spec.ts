import { AppError, unavailable } from '@parley/errors';
import { Together } from './together.js';

function lots(fails: (jobs: readonly number[]) => Error | undefined = () => undefined) {
  const seen: (readonly number[])[] = [];
  const together = new Together<number, string>(
    async (jobs) => {
      seen.push(jobs);
      const failure = fails(jobs);
      if (failure) throw failure;
      return jobs.map(String);
    },
    (job) => job,
    10,
  );
  const run = (...jobs: number[]) => Promise.allSettled(jobs.map((job) => together.run(job)));
  return { seen, run };
}

const values = (settled: PromiseSettledResult<string>[]) =>
  settled.map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as AppError).reason));

describe('jobs done together', () => {
  it('are one lot when they come at the same time, and each gets its own result', async () => {
    const { seen, run } = lots();
    expect(values(await run(1, 2, 3))).toEqual(['1', '2', '3']);
    expect(values(await run(4))).toEqual(['4']);
    expect(seen).toEqual([[1, 2, 3], [4]]);
  });

  it('gather while a lot is under way, up to a size; one beyond it is alone', async () => {
    const { seen, run } = lots();
    await run(4, 5, 2, 30, 1);
    expect(seen).toEqual([[4, 5], [2], [30], [1]]);
  });

  it('fail for their own faults only', async () => {
    const bad = new AppError({ code: 'ABORTED', reason: 'BUS.OLD_EPOCH', message: 'lost' });
    const { seen, run } = lots((jobs) => (jobs.includes(2) ? bad : undefined));
    expect(values(await run(1, 2, 3))).toEqual(['1', 'BUS.OLD_EPOCH', '3']);
    expect(seen).toEqual([[1, 2, 3], [1], [2], [3]]);
  });

  it('all fail at once when a dependency is away, and work again when it is back', async () => {
    let away = true;
    const { seen, run } = lots(() => (away ? unavailable('POSTGRES.UNAVAILABLE', 'away') : undefined));
    expect(values(await run(1, 2))).toEqual(['POSTGRES.UNAVAILABLE', 'POSTGRES.UNAVAILABLE']);
    away = false;
    expect(values(await run(1, 2))).toEqual(['1', '2']);
    expect(seen).toHaveLength(2);
  });
});
