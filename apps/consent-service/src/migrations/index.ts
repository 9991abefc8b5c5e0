import type { MigrationClass } from '@parley/postgres';
import { Ledger1763800000500 } from './1763800000500-ledger.js';
import { Erasure1763900000500 } from './1763900000500-erasure.js';

/** In the order they run. */
export const migrations: MigrationClass[] = [Ledger1763800000500, Erasure1763900000500];
