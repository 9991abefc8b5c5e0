import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const registry = new Registry();

/** Seconds; from a local call to a webhook that waits for its database. */
const LATENCY_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

type Labels = readonly string[];

/** A counter of this process; asking twice for a name gives the same one. */
export function counter<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> {
  const known = registry.getSingleMetric(name);
  return (
    (known as Counter<L> | undefined) ?? new Counter({ name, help, labelNames: [...labelNames], registers: [registry] })
  );
}

/** A gauge of this process; asking twice for a name gives the same one. */
export function gauge<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Gauge<L> {
  const known = registry.getSingleMetric(name);
  return (
    (known as Gauge<L> | undefined) ?? new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] })
  );
}

/** A histogram of this process, in seconds unless other buckets are given; asking twice for a name gives the same one. */
export function histogram<L extends string>(
  name: string,
  help: string,
  labelNames: readonly L[] = [],
  buckets: number[] = LATENCY_BUCKETS,
): Histogram<L> {
  const known = registry.getSingleMetric(name);
  const labels: Labels = labelNames;
  return (
    (known as Histogram<L> | undefined) ??
    new Histogram({ name, help, labelNames: [...labels] as L[], buckets, registers: [registry] })
  );
}

/** Starts the process metrics (CPU, memory, event loop delay). */
export function collectProcessMetrics(): void {
  if (!registry.getSingleMetric('process_cpu_seconds_total')) collectDefaultMetrics({ register: registry });
}

/** The text Prometheus scrapes, and its content type. */
export async function exposition(): Promise<{ contentType: string; body: string }> {
  return { contentType: registry.contentType, body: await registry.metrics() };
}
