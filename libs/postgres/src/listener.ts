import { BackOff } from '@parley/resilience';
import type pg from 'pg';
import { checkedName } from './connection.js';
import { Session } from './session.js';

const RETRY_MS = [50, 2000] as const;

type OnNotify = (payload: string) => void;

/** One listener, and how to let it go. */
interface Ear {
  channel: string;
  onNotify: OnNotify;
}

/**
 * See `Database.listen`. Every notification wakes every session of the database that listens to anything at all, so all
 * channels share one.
 */
export class Listener {
  readonly #ears = new Set<Ear>();
  #session: Session | undefined;
  #running: Promise<void> | undefined;
  #closed = new AbortController();
  #attempt: Promise<void> = Promise.resolve();

  constructor(private readonly config: pg.ClientConfig) {}

  /** Resolves when it listens, or after the first attempt. */
  async add(channel: string, onNotify: OnNotify): Promise<{ close(): Promise<void> }> {
    const ear = { channel: checkedName(channel), onNotify };
    this.#ears.add(ear);
    if (this.#session) await listenTo(this.#session, [channel]).catch(() => undefined);
    else await this.#start();
    return { close: () => this.#remove(ear) };
  }

  async close(): Promise<void> {
    this.#ears.clear();
    this.#closed.abort();
    await this.#running;
  }

  /** The connection goes with the last of them; until then a channel that nobody listens to any more does no harm. */
  async #remove(ear: Ear): Promise<void> {
    this.#ears.delete(ear);
    if (this.#ears.size === 0) await this.close();
  }

  #start(): Promise<void> {
    if (this.#running && !this.#closed.signal.aborted) return this.#attempt;
    const closed = (this.#closed = new AbortController());
    this.#attempt = new Promise((attempted) => {
      const running = this.#run(closed.signal, attempted).finally(() => {
        if (this.#running === running) this.#running = undefined;
      });
      this.#running = running;
    });
    return this.#attempt;
  }

  async #run(closed: AbortSignal, attempted: () => void): Promise<void> {
    let first = true;
    const backOff = new BackOff(...RETRY_MS);
    while (!closed.aborted) {
      try {
        await this.#listenOnce(closed, () => {
          attempted();
          if (!first) for (const { onNotify } of [...this.#ears]) onNotify('');
          backOff.reset();
        });
      } catch {
        // Away: said by everything else that uses the database, and cured by trying again.
      }
      first = false;
      attempted();
      await backOff.wait(closed);
    }
  }

  async #listenOnce(closed: AbortSignal, listening: () => void): Promise<void> {
    const session = await Session.open(this.config);
    try {
      session.client.on('notification', ({ channel, payload }) => this.#tell(channel, payload ?? ''));
      this.#session = session;
      await listenTo(
        session,
        [...this.#ears].map(({ channel }) => channel),
      );
      session.watch();
      listening();
      await aborted(AbortSignal.any([session.lost, closed]));
    } finally {
      if (this.#session === session) this.#session = undefined;
      await session.close();
    }
  }

  #tell(channel: string, payload: string): void {
    for (const ear of [...this.#ears]) if (ear.channel === channel) ear.onNotify(payload);
  }
}

async function listenTo(session: Session, channels: readonly string[]): Promise<void> {
  for (const channel of new Set(channels)) await session.client.query(`listen ${channel}`);
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
