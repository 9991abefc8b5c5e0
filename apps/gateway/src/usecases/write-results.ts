import { AppError } from '@parley/errors';
import { BackOff } from '@parley/resilience';
import { createLogger } from '@parley/telemetry';
import type { SendState } from '../domain/send.js';
import type { ClaimResult, Sends } from '../ports/sends.port.js';

const log = createLogger('gateway');
const MAX_BATCH = 200;

interface Waiting {
  result: ClaimResult;
  done: (state: SendState | undefined) => void;
}

/**
 * Writes what POSTs came to. Whatever arrives while one transaction runs goes into the next, so that a busy gateway commits
 * hundreds of answers at a time and a quiet one waits for nobody.
 */
export class WriteResults {
  readonly #waiting: Waiting[] = [];
  #running = false;

  constructor(private readonly sends: Sends) {}

  /** Resolves with the state the send is in now, once that is durable; undefined when there is no such send. */
  run(result: ClaimResult): Promise<SendState | undefined> {
    return new Promise((done) => {
      this.#waiting.push({ result, done });
      if (!this.#running) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#running = true;
    // One turn of the event loop gathers the answers that arrived together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) await this.#write(this.#waiting.splice(0, MAX_BATCH));
    // In the same turn as the last look: a result that comes in between would wait for ever.
    this.#running = false;
  }

  async #write(batch: Waiting[]): Promise<void> {
    const backOff = new BackOff();
    for (;;) {
      try {
        const states = await this.sends.settle(batch.map(({ result }) => result));
        for (const { result, done } of batch) done(states.get(result.send.message.sendId));
        return;
      } catch (thrown) {
        const error = AppError.from(thrown);
        if (!error.retryable) return this.#alone(batch, error);
        await backOff.wait();
      }
    }
  }

  /** One of them cannot be written as it is: each for itself, then without its evidence, then not at all. */
  async #alone(batch: Waiting[], error: AppError): Promise<void> {
    const [only] = batch;
    if (batch.length > 1) {
      for (const one of batch) await this.#write([one]);
    } else if (only?.result.evidence) {
      log.error({ err: error }, 'Evidence of a send could not be written');
      await this.#write([{ ...only, result: { ...only.result, evidence: undefined } }]);
    } else if (only) {
      log.error({ err: error }, 'The outcome of a send could not be written; it is in doubt');
      only.done('in-doubt');
    }
  }
}
