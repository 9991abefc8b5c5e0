import type { Tx } from '@parley/postgres';

/** Transactions for unit tests: what was appended inside appears when the work resolves and never when it throws. They run no SQL. */
export class InMemoryTransactions {
  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const effects: (() => void)[] = [];
    const tx: Tx = {
      query: () => Promise.reject(new Error('An in-memory transaction runs no SQL.')),
      later: () => Promise.reject(new Error('An in-memory transaction runs no SQL.')),
      afterCommit: (effect) => void effects.push(effect),
    };
    const result = await work(tx);
    for (const effect of effects) effect();
    return result;
  }
}
