import { failedPrecondition, type AppError } from '@parley/errors';
import type { Database } from './database.js';
import { fromDriver, sqlstateOf } from './errors.js';
import type { MasterKey } from './master-key.js';
import { checkMasterKey, PersonVault } from './vault.js';

/**
 * Where keys are: a database with the schema `vault`, and the master key above it. Services that read each other's records
 * use the same one, whatever databases their own tables are in; so one erasure counts for all of them.
 */
export class Vault {
  readonly persons: PersonVault;

  /** @param database logged in as a role that `provision` let use the vault; closed by whoever made it */
  constructor(
    readonly database: Database,
    readonly masterKey: MasterKey,
  ) {
    this.persons = new PersonVault(database, masterKey);
  }

  /**
   * Its id: the same for everybody who uses this vault, and for nobody else.
   * @throws AppError FAILED_PRECONDITION `VAULT.MISSING` when the database has none for this role, `VAULT.WRONG_MASTER_KEY`
   */
  async id(): Promise<string> {
    try {
      await checkMasterKey(this.database, this.masterKey);
      return await this.#read();
    } catch (thrown) {
      throw absent(thrown);
    }
  }

  /** Resolves when the vault answers. For readiness checks. @throws as `id` does, but for the master key */
  async check(): Promise<void> {
    await this.#read().catch((thrown: unknown) => Promise.reject(absent(thrown)));
  }

  async #read(): Promise<string> {
    const [row] = await this.database.query<{ id: string }>('select vault.vault_id() as id');
    return row?.id ?? '';
  }
}

// No such schema or function, or no right to use it, or no such role: `provision` was not there yet, or put the keys elsewhere.
const MISSING = new Set(['3F000', '42883', '42501', '42704', '22023']);

function absent(thrown: unknown): AppError {
  if (!MISSING.has(sqlstateOf(thrown) ?? '')) return fromDriver(thrown);
  const message =
    'There are no keys for this service in this database; set VAULT_DATABASE_URL to the database that holds them, or run "npm run db:migrate".';
  const error = failedPrecondition('VAULT.MISSING', message);
  error.cause = thrown;
  return error;
}
