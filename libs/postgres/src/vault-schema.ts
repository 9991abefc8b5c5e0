import type { MigrationClass } from './migrations.js';

/** Migrations of the schema `vault`. */
export const vaultMigrations: MigrationClass[] = [];
