import { AppError, failedPrecondition } from '@parley/errors';
import { sqlstateOf, type Tx } from '@parley/postgres';

/**
 * Makes sure that a service's database was never used with the keys of another vault: with those of this one, everything
 * personal in it would look erased. The first vault it is used with counts.
 * @throws AppError FAILED_PRECONDITION `VAULT.OTHER_VAULT`; `POSTGRES.SCHEMA_BEHIND` when the schema `bus` is not migrated yet
 */
export async function bindVault(database: Tx, vaultId: string): Promise<void> {
  const bind = database.query<{ id: string }>('select bus.bind_vault($1) as id', [vaultId]);
  const [row] = await bind.catch((thrown: unknown) => Promise.reject(explained(thrown)));
  if (row?.id === vaultId) return;
  const message = `The data of this database was encrypted with the keys of the vault ${row?.id}, but VAULT_DATABASE_URL leads to the vault ${vaultId}. Set it to the other one.`;
  throw failedPrecondition('VAULT.OTHER_VAULT', message);
}

// Schema or function missing, or no right to use it: all of them before the migration.
const NOT_YET = new Set(['3F000', '42883', '42501']);

function explained(thrown: unknown): AppError {
  if (!NOT_YET.has(sqlstateOf(thrown) ?? '')) return AppError.from(thrown);
  return failedPrecondition('POSTGRES.SCHEMA_BEHIND', 'Schema bus is not migrated yet; run "npm run db:migrate".');
}
