/** How every function of the schema runs: with its owner's rights, finding nothing but what is in the schema. */
export const DEFINER = 'security definer set search_path = bus, pg_temp';

/** Milliseconds after which a member that sends no heartbeat has lost its partitions. */
export const LEASE_MS = 3500;

/** SQLSTATE of a position that is moved by somebody who does not hold the partition any more. */
export const NOT_HELD = 'PB001';
