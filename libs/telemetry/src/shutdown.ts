import { createLogger } from './logger.js';

// The register module runs before any other and may be another copy of this package; a global slot joins the two.
const SLOT = Symbol.for('parley.telemetry.flush');
type Slotted = { [SLOT]?: () => Promise<void> };

/** Leaves the function that flushes spans, for `closeOnSignal`. */
export function setFlush(flush: () => Promise<void>): void {
  (globalThis as Slotted)[SLOT] = flush;
}

/**
 * On SIGTERM or SIGINT: closes, flushes spans, exits 0 (1 when closing fails). Nest's own shutdown hooks are not used, since
 * they end the process before spans have left. A repeated signal changes nothing.
 */
export function closeOnSignal(close: () => Promise<void>): void {
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    let code = 0;
    try {
      await close();
    } catch (err) {
      code = 1;
      createLogger('shutdown').error({ err }, 'Closing failed');
    }
    await (globalThis as Slotted)[SLOT]?.().catch(() => undefined);
    process.exit(code);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());
}
