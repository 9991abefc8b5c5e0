/**
 * Superuser address of a PostgreSQL that serves the whole test run, set by `npm test`. Without it every spec file starts
 * one of its own, so that a single file can be run by hand.
 */
export const sharedPostgresUrl: string | undefined = process.env['PARLEY_TEST_POSTGRES_URL'] || undefined;
