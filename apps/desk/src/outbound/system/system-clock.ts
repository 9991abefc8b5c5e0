import { setTimeout as wait } from 'node:timers/promises';
import { Clock } from '../../ports/clock.port.js';

/** The machine's clock. */
export class SystemClock extends Clock {
  override now(): Date {
    return new Date();
  }

  override async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await wait(ms, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
