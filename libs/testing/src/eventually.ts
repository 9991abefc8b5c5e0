import { setTimeout as sleep } from 'node:timers/promises';

/** How long `eventually` goes on. */
export interface EventuallyOptions {
  /** Default 10 s: only a test that fails takes this long. */
  timeoutMs?: number;
  intervalMs?: number;
}

/**
 * Calls `attempt` until it neither throws nor returns false, and resolves with what it returned. For results that come from
 * elsewhere in their own time; put the expectations inside.
 * @throws what the last attempt threw
 */
export async function eventually<T>(attempt: () => T | Promise<T>, options: EventuallyOptions = {}): Promise<T> {
  const limit = Date.now() + (options.timeoutMs ?? 10_000);
  for (;;) {
    try {
      const result = await attempt();
      if (result !== false) return result;
      if (Date.now() >= limit) throw new Error('It did not become true in time.');
    } catch (thrown) {
      if (Date.now() >= limit) throw thrown;
    }
    await sleep(options.intervalMs ?? 20);
  }
}
