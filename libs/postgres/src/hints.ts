type Send = (sql: string, params: readonly unknown[]) => Promise<unknown>;

const NOTIFY = 'select pg_notify(channel, payload) from unnest($1::text[], $2::text[]) as hint(channel, payload)';

/** Notifications that wait to be sent: one statement at a time, and in it whatever came up while the last one ran, each once. */
export class Hints {
  readonly #waiting = new Map<string, [channel: string, payload: string]>();
  #sending = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly send: Send) {}

  add(channel: string, payload: string, patienceMs = 0): void {
    this.#waiting.set(`${channel} ${payload}`, [channel, payload]);
    if (this.#sending) return;
    if (patienceMs === 0) void this.#drain();
    else this.#timer ??= setTimeout(() => void this.#drain(), patienceMs).unref();
  }

  async #drain(): Promise<void> {
    this.#sending = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#waiting.size > 0) {
      const hints = [...this.#waiting.values()];
      this.#waiting.clear();
      const params = [hints.map(([channel]) => channel), hints.map(([, payload]) => payload)];
      // Who is not told looks by itself soon.
      await this.send(NOTIFY, params).catch(() => undefined);
    }
    this.#sending = false;
  }
}
