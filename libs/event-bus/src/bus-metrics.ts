import { counter, gauge, histogram } from '@parley/telemetry';

/** What the bus tells Prometheus; the same names for every adapter. */
export const busMetrics = {
  consumed: counter('parley_bus_records_consumed_total', 'Records handled.', ['topic', 'group']),
  published: counter('parley_bus_records_published_total', 'Records written.', ['topic']),
  deadLetters: counter('parley_bus_dead_letters_total', 'Records given up on.', ['topic', 'group', 'reason']),
  retries: counter('parley_bus_batch_retries_total', 'Batches tried again because a dependency was away.', [
    'topic',
    'group',
    'reason',
  ]),
  lag: gauge('parley_bus_lag_records', 'Records not yet handled.', ['topic', 'group', 'partition']),
  oldest: gauge('parley_bus_oldest_record_seconds', 'Age of the record in hand; 0 when there is none.', [
    'topic',
    'group',
    'partition',
  ]),
  publishSeconds: histogram('parley_bus_publish_seconds', 'From publish to acknowledgement.', ['adapter']),
};

/** Counts records that were written, a topic at a time: a label costs more than its record's encryption. */
export function countPublished(topics: readonly string[]): void {
  const counts = new Map<string, number>();
  for (const topic of topics) counts.set(topic, (counts.get(topic) ?? 0) + 1);
  for (const [topic, count] of counts) busMetrics.published.inc({ topic }, count);
}
