import type { Tx } from '@parley/postgres';

const hooks = new WeakMap<Tx, (() => void)[]>();

/** Runs `effect` when `tx` commits; at once when it is no transaction of `InMemoryTransactions`. */
export function afterCommit(tx: Tx, effect: () => void): void {
  const waiting = hooks.get(tx);
  if (waiting) waiting.push(effect);
  else effect();
}

/** Transactions for unit tests: what was appended inside appears when the work resolves and never when it throws. They run no SQL. */
export class InMemoryTransactions {
  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const tx: Tx = { query: () => Promise.reject(new Error('An in-memory transaction runs no SQL.')) };
    const effects: (() => void)[] = [];
    hooks.set(tx, effects);
    const result = await work(tx);
    for (const effect of effects) effect();
    return result;
  }
}
