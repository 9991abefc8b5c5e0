/** Brokers that the test run provides; empty: a spec starts one of its own. */
export const sharedBrokers = (process.env['PARLEY_TEST_KAFKA_BROKERS'] ?? '').split(',').filter(Boolean);
