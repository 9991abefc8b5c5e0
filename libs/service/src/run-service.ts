import { closeOnSignal, createLogger } from '@parley/telemetry';
import type { Running } from './lifecycle.js';

/**
 * A process from its first line to its last: starts the service and closes it on SIGTERM or SIGINT. A start that fails is one
 * line of the log, with the reason, and exit code 1.
 */
export async function runService(name: string, start: () => Promise<Running>): Promise<void> {
  try {
    const running = await start();
    closeOnSignal(() => running.close());
  } catch (err) {
    // The level is given because a wrong LOG_LEVEL may be what has to be said.
    createLogger(name, { level: 'fatal' }).fatal({ err }, 'The service cannot start');
    process.exit(1);
  }
}
