import type { MigrationClass } from '@parley/postgres';
import { Trail1763800000600 } from './1763800000600-trail.js';

/** In the order they run. */
export const migrations: MigrationClass[] = [Trail1763800000600];
