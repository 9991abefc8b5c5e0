import { AppError } from '@parley/errors';
import type { Tx } from '@parley/postgres';
import type { Logger } from '@parley/telemetry';
import { deadLetterTopic, topicsByName } from './topics.js';
import { DEAD_LETTER_DAYS, RETENTION_DAYS } from './retention.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Destroys keys: `TopicKeys` of `@parley/postgres`. */
export interface KeyDestroyer {
  destroyBefore(topic: string, day: string): Promise<number>;
}

interface Loss {
  grp: string;
  topic: string;
  partition: number;
  lost: bigint;
}

/** Makes segments ahead of time and drops old ones. What somebody had not read is dropped too, but not in silence. */
export async function keepSegments(db: Tx, logger: Logger): Promise<void> {
  const losses = await db.query<Loss>('select * from bus.upkeep()');
  for (const { grp: group, topic, partition, lost } of losses) {
    const fields = { group, topic, partition, records: Number(lost) };
    logger.warn(fields, 'Retention dropped records that a group had not read');
  }
}

/** Destroys the keys of days whose records are gone by now: topics after 8 days, dead letters after 30. */
export async function destroyOldKeys(keys: KeyDestroyer, now: Date): Promise<void> {
  const before = (days: number): string => new Date(now.getTime() - days * DAY_MS).toISOString().slice(0, 10);
  for (const { name, encrypted } of topicsByName.values()) {
    if (!encrypted) continue;
    // One day more, for the record written in the last minute of its day.
    await keys.destroyBefore(name, before(RETENTION_DAYS + 1));
    await keys.destroyBefore(deadLetterTopic(name), before(DEAD_LETTER_DAYS + 1));
  }
}

/** Runs chores now and every hour until it is stopped; a chore that fails waits for the next hour. */
export function everyHour(chores: readonly (() => Promise<void>)[], logger: Logger): () => void {
  const run = async (): Promise<void> => {
    for (const chore of chores) {
      await chore().catch((thrown: unknown) => {
        const { reason } = AppError.from(thrown);
        logger.warn({ reason }, 'Upkeep of the event bus did not work, it is tried again in an hour');
      });
    }
  };
  void run();
  const timer = setInterval(() => void run(), HOUR_MS);
  timer.unref();
  return () => clearInterval(timer);
}
