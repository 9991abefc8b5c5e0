import { AppError } from '@parley/errors';
import { lockKey, Outbox, outboxChannel, type Database, type TakenRow } from '@parley/postgres';
import { BackOff, passing } from '@parley/resilience';
import { gauge, type Logger } from '@parley/telemetry';
import { Bell } from '../bell.js';
import { refusedIndexes } from '../errors.js';
import type { PreparedRecord } from '../record-codec.js';

/** Records per round. */
const ROUND = 500;
/** A notification is only a hint. */
const POLL_MS = 1000;

const depth = gauge('parley_bus_outbox_records', 'Records of this service that wait to be relayed to Kafka.');

/** What the relay needs of its bus. */
export interface RelayHost {
  database: Database;
  logger: Logger;
  write(records: PreparedRecord[]): Promise<void>;
  /** Keeps what Kafka refuses for its content. */
  refused(records: PreparedRecord[]): Promise<void>;
}

/** A record as an outbox row, and back. */
export function toOutboxHeaders({ id, type, source, time, traceparent }: PreparedRecord): Record<string, string> {
  return { id, type, source, time: time.toISOString(), ...(traceparent ? { traceparent } : {}) };
}

function fromOutbox({ topic, key, headers, value }: TakenRow): PreparedRecord {
  const { id = '', type = '', source = '', time = '', traceparent } = headers;
  return { topic, key, id, type, source, time: new Date(time), traceparent, value };
}

/**
 * Publishes what transactions left in the service's outbox, in order. One relay per service works at a time (session lock);
 * the next round starts only after every record of the one before was acknowledged and its rows are gone.
 */
export class OutboxRelay {
  readonly #outbox = new Outbox();
  readonly #stop = new AbortController();
  readonly #bell = new Bell();
  #running: Promise<void> | undefined;
  #relaying = false;

  constructor(private readonly host: RelayHost) {}

  start(): void {
    this.#running ??= this.#run();
  }

  /** There are records to relay: if not by this process, then by the one that holds the lock. */
  wake(): void {
    const { database } = this.host;
    if (this.#relaying) this.#bell.ring();
    else database.hint(outboxChannel(database.schema));
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#bell.ring();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { database, logger } = this.host;
    const { signal } = this.#stop;
    const listening = await database.listen(outboxChannel(database.schema), () => this.#bell.ring());
    const key = lockKey(`parley.outbox.${database.schema}`);
    const backOff = new BackOff();
    while (!signal.aborted) {
      try {
        if (!(await this.#hasOutbox())) break;
        await database.withSessionLock(key, signal, (held) => this.#relay(held, backOff));
        this.#relaying = false;
      } catch (thrown) {
        this.#relaying = false;
        const { reason } = AppError.from(thrown);
        logger.warn({ reason }, 'The outbox cannot be relayed, it is tried again');
        await backOff.wait(signal);
      }
    }
    await listening.close();
  }

  /** A service that appends nothing has no such table. */
  async #hasOutbox(): Promise<boolean> {
    const [row] = await this.host.database.query<{ found: boolean }>(
      `select to_regclass('outbox') is not null as found`,
    );
    return row?.found ?? false;
  }

  async #relay(held: AbortSignal, backOff: BackOff): Promise<void> {
    const stopped = (): void => this.#bell.ring();
    held.addEventListener('abort', stopped, { once: true });
    this.#relaying = true;
    while (!held.aborted) {
      this.#bell.reset();
      const rows = await this.#outbox.take(this.host.database, ROUND);
      depth.set(rows.length);
      if (rows.length > 0) await this.#publish(rows);
      backOff.reset();
      if (rows.length === 0) await this.#bell.wait(POLL_MS);
    }
  }

  async #publish(rows: readonly TakenRow[]): Promise<void> {
    const records = rows.map(fromOutbox);
    await passing('event-bus.relay.taken');
    try {
      await this.host.write(records);
    } catch (thrown) {
      const error = AppError.from(thrown);
      const culprits = refusedIndexes(error);
      if (!culprits) throw error;
      await this.host.refused(records.filter((_, index) => culprits.has(index)));
      this.host.logger.error(
        { records: culprits.size },
        'Kafka refused records for their content, they are in the dead letters',
      );
    }
    const ids = rows.map(({ id }) => id);
    await passing('event-bus.relay.sent');
    await this.#outbox.delete(this.host.database, ids);
    await passing('event-bus.relay.deleted');
  }
}
