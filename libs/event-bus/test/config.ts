/** Brokers that serve the whole test run, set by its runner. Without it every spec file starts one of its own. */
export const sharedBrokers: string[] = (process.env['PARLEY_TEST_KAFKA_BROKERS'] ?? '').split(',').filter(Boolean);
