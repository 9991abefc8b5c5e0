export { type DatabaseOptions } from './connection.js';
export { Database } from './database.js';
export { startEmbeddedPostgres, type EmbeddedOptions, type EmbeddedPostgres } from './embedded.js';
export { type EmbeddedExit } from './embedded-process.js';
export { sqlstateOf } from './errors.js';
export { ForwardMigration } from './forward-migration.js';
export { idempotencyTableSql } from './idempotency.js';
export { Inbox, inboxTableSql, redeliveryEnd } from './inbox.js';
export { MasterKey, type WrappedKey } from './master-key.js';
export { rotateMasterKey } from './master-key-rotation.js';
export { Memo } from './memo.js';
export {
  migrationName,
  schemaIsCurrent,
  waitForSchema,
  waitUntil,
  type MigrationClass,
  type WaitForSchemaOptions,
} from './migrations.js';
export { Outbox, outboxChannel, outboxTableSql, type OutboxRow, type TakenRow } from './outbox.js';
export { type PersonCipher } from './person-cipher.js';
export { mayProvision, provision, type Guest, type ProvisionOptions, type ServiceSchema } from './provision.js';
export { seal, unseal } from './seal.js';
export { lockKey } from './session.js';
export { TopicKeys, type TopicKey } from './topic-keys.js';
export { Vault } from './vault-place.js';
export { identityHash, PersonVault, type IdentityKind, type PersonMerge } from './vault.js';
export { type Translate, type Tx } from './transaction.js';
