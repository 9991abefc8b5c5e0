import { AppError } from '@parley/errors';
import type { CallOutcome } from '../domain/turn.js';
import type { Clock } from '../ports/clock.port.js';

/** A restart of one of our own services takes less; a customer does not wait much longer. */
const PATIENCE_MS = 30_000;

/** Messages remembered at most; what fails for longer than anybody waits is forgotten oldest first. */
const REMEMBERED = 10_000;

/**
 * Decides what a failed call means for a flow. What a system says is an outcome. A bridge that cannot be reached is tried again,
 * by failing the message, until 30 s have passed since its first failure; then the system counts as away.
 */
export class Patience {
  private readonly since = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  /**
   * @param system name in reasons, for example `ERP`
   * @throws the error, when trying again may still help
   */
  judge(messageId: string, system: string, error: AppError): CallOutcome {
    const away = `${system}.UNAVAILABLE`;
    // The bridge itself was reached and has given up on what is behind it.
    if (error.reason === away) return { ok: false, reason: away };
    if (!error.retryable) return { ok: false, reason: error.reason };
    const now = this.clock.now().getTime();
    const first = this.since.get(messageId) ?? now;
    if (this.since.size >= REMEMBERED) this.since.delete(this.since.keys().next().value!);
    this.since.set(messageId, first);
    if (now - first < PATIENCE_MS) throw error;
    return { ok: false, reason: away };
  }

  /** The message has been answered. */
  forget(messageIds: readonly string[]): void {
    if (this.since.size > 0) for (const id of messageIds) this.since.delete(id);
  }
}
