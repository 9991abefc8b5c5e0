import type { MigrationClass } from '@parley/postgres';
import { CreateDesk1763800000700 } from './1763800000700-create-desk.js';

/** In the order they run. */
export const migrations: MigrationClass[] = [CreateDesk1763800000700];
