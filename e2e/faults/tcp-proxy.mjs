// A TCP proxy between two of the system's parts: passes bytes, slows them, cuts connections, or refuses new ones. One port can
// serve several parts, told apart by the first bytes they send; each then has a tap of its own.
import { connect, createServer } from 'node:net';

/** What is done to the connections of one part. */
export class Tap {
  pairs = new Set();
  delayMs = 0;
  refusing = false;

  get connections() {
    return this.pairs.size;
  }

  /** Every chunk waits this long in each direction; 0 passes at once. */
  slow(delayMs) {
    this.delayMs = delayMs;
  }

  /** Resets all connections there are; new ones are welcome. Returns how many. */
  cut() {
    const count = this.pairs.size;
    for (const { near, far } of this.pairs) {
      near.resetAndDestroy();
      far.destroy();
    }
    return count;
  }

  /** Whether new connections are reset at once. Returns how many were cut. */
  refuse(refusing) {
    this.refusing = refusing;
    return refusing ? this.cut() : 0;
  }
}

export class TcpProxy {
  #server;
  #nears = new Set();
  #target;
  #taps;
  #tapOf;

  /**
   * @param {() => number | Promise<number>} target the port behind it, asked for every connection, since it may move
   * @param {{ taps?: Tap[], tapOf?: (firstBytes: Buffer) => Tap }} [options] one tap for everybody when absent
   */
  static async start(target, options = {}) {
    const proxy = new TcpProxy(target, options);
    await new Promise((resolve, reject) =>
      proxy.#server.once('error', reject).listen(0, '127.0.0.1', () => resolve(undefined)),
    );
    return proxy;
  }

  constructor(target, { taps = [new Tap()], tapOf = () => taps[0] }) {
    this.#target = target;
    this.#taps = taps;
    this.#tapOf = tapOf;
    this.#server = createServer((near) => {
      near.on('error', () => undefined);
      near.setNoDelay(true);
      this.#nears.add(near);
      near.once('close', () => this.#nears.delete(near));
      near.once('data', (first) => {
        near.pause();
        void this.#accept(near, first);
      });
    });
  }

  get port() {
    return this.#server.address().port;
  }

  get tap() {
    return this.#taps[0];
  }

  async stop() {
    for (const tap of this.#taps) tap.cut();
    // Those that have said nothing yet belong to no tap.
    for (const near of this.#nears) near.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #accept(near, first) {
    const tap = this.#tapOf(first);
    const port = tap.refusing
      ? undefined
      : await Promise.resolve()
          .then(this.#target)
          .catch(() => undefined);
    if (port === undefined || tap.refusing || near.destroyed) {
      near.resetAndDestroy();
      return;
    }
    const far = connect({ port, host: '127.0.0.1', noDelay: true });
    const pair = { near, far };
    tap.pairs.add(pair);
    const end = () => {
      tap.pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    far.on('error', () => near.resetAndDestroy());
    near.on('close', end);
    far.on('close', end);
    pass(near, far, tap, first);
    pass(far, near, tap);
    near.resume();
  }
}

/** Chunks of a connection stay in order: each waits for the one before it. */
function pass(from, to, tap, first) {
  let last = Promise.resolve();
  let waiting = 0;
  const forward = (work) => {
    if (tap.delayMs === 0 && waiting === 0) return work();
    waiting += 1;
    const wait = tap.delayMs;
    last = last
      .then(() => new Promise((resolve) => setTimeout(resolve, wait)))
      .then(() => {
        waiting -= 1;
        work();
      });
    return undefined;
  };
  const write = (chunk) => forward(() => !to.destroyed && to.write(chunk));
  if (first) write(first);
  from.on('data', write);
  from.on('end', () => forward(() => !to.destroyed && to.end()));
}
