import type { MigrationClass } from '@parley/postgres';
import { Trail1763800000600 } from './1763800000600-trail.js';
import { ErasureRequests1764000300600 } from './1764000300600-erasure-requests.js';
import { DayOfChain1764000600600 } from './1764000600600-day-of-chain.js';
import { Proof1763900000600 } from './1763900000600-proof.js';

/** In the order they run. */
export const migrations: MigrationClass[] = [
  Trail1763800000600,
  Proof1763900000600,
  ErasureRequests1764000300600,
  DayOfChain1764000600600,
];
