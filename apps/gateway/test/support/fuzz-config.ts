import { randomInt } from 'node:crypto';

/** How many signed bodies a run makes; unsigned and mutated ones are five times as many. */
export const runs = Number(process.env['PARLEY_FUZZ_RUNS'] || 20_000);

/** What a run is made from: the same seed makes the same bodies. */
export const seed = Number(process.env['PARLEY_FUZZ_SEED'] || randomInt(2 ** 31));
