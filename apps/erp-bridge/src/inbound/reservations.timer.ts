import type { Logger } from '@parley/telemetry';
import type { Stock } from '../ports/stock.port.js';

const MINUTE_MS = 60_000;

/** Clears expired holds away once a minute. Only tidiness depends on it: a hold counts until its time, swept or not. */
export function sweepReservations(stock: Stock, log: Logger): { stop(): void } {
  const sweep = (): void => {
    stock.sweep().catch((err: unknown) => log.warn({ err }, 'Expired reservations could not be cleared away'));
  };
  const timer = setInterval(sweep, MINUTE_MS).unref();
  return { stop: () => clearInterval(timer) };
}
