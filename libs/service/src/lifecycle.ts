import { grpcTls, type Guard, type GrpcTls } from '@parley/grpc';
import { createLogger, OpsServer, type Logger } from '@parley/telemetry';
import type { ListenConfig } from './settings.js';

const HOUR_MS = 3_600_000;

/** What runs, until it is closed. */
export interface Running {
  /** Lets what is in hand finish. */
  close(): Promise<void>;
}

/** Which service it is. */
export interface Identity {
  /** In logs and in the database's list of connections. */
  name: string;
  /** Offset of its ports from GRPC_PORT_BASE and OPS_PORT_BASE. */
  portOffset: number;
  config: ListenConfig;
}

/**
 * One service from its start to its end. Health and metrics come first and go last; the service is ready once it has started
 * and while every check passes; what was opened is closed in the reverse order.
 */
export class Lifecycle implements Running {
  readonly name: string;
  readonly log: Logger;
  /** Where gRPC listens. */
  readonly grpcUrl: string;
  /** Certificates for gRPC, to serve with and to call with; undefined: in the clear. */
  readonly tls: GrpcTls | undefined;
  /** Who may call. */
  readonly guard: Guard;
  readonly #ops: OpsServer;
  readonly #closers: (() => unknown)[] = [];
  #started = false;

  private constructor({ name, portOffset, config }: Identity) {
    this.name = name;
    this.log = createLogger(name, { level: config.LOG_LEVEL });
    this.grpcUrl = `${config.LISTEN_HOST}:${config.GRPC_PORT_BASE + portOffset}`;
    this.tls = grpcTls(config, {
      onProblem: (err) => this.log.warn({ err }, 'Renewed certificates cannot be used; those before stay in use'),
    });
    this.guard = {
      tls: this.tls,
      callers: config.GRPC_TLS_CALLERS,
      onRefused: (caller, method) => this.log.warn({ caller, method }, 'A caller was refused'),
    };
    this.#ops = new OpsServer(config.OPS_PORT_BASE + portOffset, config.LISTEN_HOST);
  }

  /** Opens the service step by step; it is ready when this resolves. @throws whatever a step throws */
  static async start(identity: Identity, open: (life: Lifecycle) => Promise<void>): Promise<Running> {
    const life = new Lifecycle(identity);
    life.addCheck('started', () => {
      if (!life.#started) throw new Error('Still starting.');
    });
    await life.#ops.listen();
    life.onClose(() => life.#ops.close());
    try {
      await open(life);
    } catch (thrown) {
      await life.#ops.close();
      throw thrown;
    }
    life.#started = true;
    life.log.info('Ready');
    return life;
  }

  /** A check that must pass before the service gets work. */
  addCheck(name: string, check: () => Promise<void> | void): void {
    this.#ops.addCheck(name, check);
  }

  /** Closes something at the end: after what is opened later, before what was opened earlier. */
  onClose(close: () => unknown): void {
    this.#closers.push(close);
  }

  /**
   * Does a chore now and every hour until the end; when it fails, `failed` is logged, and the next hour tries again. Now, because
   * a service that is started again more often would never come to it.
   */
  hourly(chore: () => Promise<unknown>, failed: string): void {
    let running = Promise.resolve();
    const run = (): void => {
      running = chore().then(
        () => undefined,
        (err: unknown) => this.log.warn({ err }, failed),
      );
    };
    run();
    const timer = setInterval(run, HOUR_MS).unref();
    this.onClose(() => {
      clearInterval(timer);
      return running;
    });
  }

  /** Closes everything, also when some of it does not close. @throws Error with the first reason as its cause */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (const close of this.#closers.splice(0).reverse()) {
      try {
        await close();
      } catch (thrown) {
        failures.push(thrown);
      }
    }
    if (failures.length > 0) throw new Error('Not everything could be closed.', { cause: failures[0] });
  }
}
