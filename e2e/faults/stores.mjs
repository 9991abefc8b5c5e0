// The database and the broker of a fault run: killed like everything else, and started again on the same data and port.
import { setTimeout as sleep } from 'node:timers/promises';
import { startKafka } from '../../tools/kafka/kafka.mjs';
import { startEmbedded } from '../../tools/launcher/database.mjs';
import { freePort } from '../../tools/ports.mjs';

/** Something that is started again, as the launcher does with the Postgres of `npm start`, whenever it ends. */
class Store {
  #stopped = false;
  #starting;

  /** @param {{ name: string, start: () => Promise<object>, again: () => void }} parts `again` is told when it is back */
  constructor(parts) {
    this.parts = parts;
  }

  /** Process id; undefined while it is away. */
  get pid() {
    return this.server?.pid;
  }

  async start() {
    this.server = await this.parts.start();
    // It comes back where it was.
    this.port = this.server.port;
    void this.#keep();
    return this;
  }

  async #keep() {
    while (!this.#stopped) {
      await this.server.exited;
      this.server = undefined;
      if (this.#stopped) return;
      this.#starting = this.#startAgain();
      await this.#starting;
    }
  }

  async #startAgain() {
    for (let pause = 50; !this.server; pause = Math.min(pause * 2, 2000)) {
      await sleep(pause);
      this.server = await this.parts.start().catch(() => undefined);
    }
    this.parts.again();
  }

  /** Ends it for good; `last` gets what is running. */
  async stop(last) {
    this.#stopped = true;
    await this.#starting;
    if (this.server) await last(this.server);
  }
}

/** A real Postgres of the run's own, the one of `npm start`. */
export function postgresStore(dataDir, again) {
  let port = 0;
  const start = async () => {
    const server = await startEmbedded(dataDir, () => undefined, port);
    port = server.port;
    return server;
  };
  return new Store({ name: 'postgres', start, again }).start();
}

/** A real broker; clients are told the port of the proxy before it. */
export async function kafkaStore(dataDir, proxyTo, again) {
  const port = await freePort();
  const advertisedPort = await proxyTo(port);
  const start = async () => {
    const broker = await startKafka({ port, advertisedPort, dataDir });
    return { ...broker, exited: ended(broker.pid) };
  };
  const store = await new Store({ name: 'kafka', start, again }).start();
  return { store, brokers: `127.0.0.1:${advertisedPort}` };
}

/** Resolves when a process is no more. */
async function ended(pid) {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await sleep(50);
  }
}
