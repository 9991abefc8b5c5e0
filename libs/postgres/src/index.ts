export { type DatabaseOptions } from './connection.js';
export { Database, type Tx } from './database.js';
export { startEmbeddedPostgres, type EmbeddedOptions, type EmbeddedPostgres } from './embedded.js';
export { type EmbeddedExit } from './embedded-process.js';
export { sqlstateOf } from './errors.js';
export { lockKey } from './session.js';
export {
  migrationName,
  schemaIsCurrent,
  waitForSchema,
  type MigrationClass,
  type WaitForSchemaOptions,
} from './migrations.js';
export { provision, type ServiceSchema } from './provision.js';
