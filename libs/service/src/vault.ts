import type { ConfigOf } from '@parley/config';
import { AppError } from '@parley/errors';
import type { Database, MasterKey, Vault } from '@parley/postgres';
import { gauge } from '@parley/telemetry';
import type { Lifecycle } from './lifecycle.js';
import type { vaultSettings } from './settings.js';

// Loaded when it is opened, like the rest of the store.

/** The values of `vaultSettings`. */
export type VaultConfig = ConfigOf<typeof vaultSettings>;

/** Connections to a vault of its own; topic keys are held, persons' keys cached. */
const POOL_SIZE = 5;

async function readMasterKey({
  PARLEY_MASTER_KEY: text = '',
  PARLEY_MASTER_KEY_FILE: file,
}: VaultConfig): Promise<MasterKey> {
  const { MasterKey } = await import('@parley/postgres');
  return file ? MasterKey.fromFile(file) : MasterKey.fromText(text);
}

/**
 * The vault of a config, without waiting for it or depending on it: the service's own database, or the one that
 * VAULT_DATABASE_URL names. @throws AppError when the master key is none, or its file is not there
 */
export async function connectVault(life: Lifecycle, config: VaultConfig, own: Database): Promise<Vault> {
  const masterKey = await readMasterKey(config);
  const { Database, Vault } = await import('@parley/postgres');
  const { VAULT_DATABASE_URL: url } = config;
  if (!url) return new Vault(own, masterKey);
  const database = new Database({ url, schema: 'vault', applicationName: `${life.name}-vault`, poolSize: POOL_SIZE });
  life.onClose(() => database.close());
  return new Vault(database, masterKey);
}

/**
 * Waits for a vault without limit, says so in the log, and makes sure that it is the one that `own` was always used with. Its id
 * is then in the log and in the metrics, where it has to be the same for all services.
 * @throws AppError FAILED_PRECONDITION `VAULT.WRONG_MASTER_KEY`, `VAULT.OTHER_VAULT`
 */
export async function joinVault(life: Lifecycle, vault: Vault, own: Database): Promise<void> {
  const [{ bindVault }, { waitUntil }] = await Promise.all([import('@parley/event-bus'), import('@parley/postgres')]);
  let id = '';
  const join = async (): Promise<undefined> => bindVault(own, (id = await vault.id())).then(() => undefined);
  const onWaiting = (why: string): void => life.log.info({ why }, 'Waiting for the vault');
  await waitUntil(() => join().catch((thrown: unknown) => AppError.from(thrown)), { onWaiting });
  gauge('parley_vault_info', 'Always 1; the label is the vault this process has its keys from.', ['vault']).set(
    { vault: id },
    1,
  );
  life.log.info({ vault: id }, 'Keys come from this vault');
}

/** The vault of a service that does nothing without it: connected, joined, and part of its readiness. @throws as those do */
export async function openVault(life: Lifecycle, config: VaultConfig, own: Database): Promise<Vault> {
  const vault = await connectVault(life, config, own);
  life.addCheck('vault', () => vault.check());
  await joinVault(life, vault, own);
  return vault;
}
