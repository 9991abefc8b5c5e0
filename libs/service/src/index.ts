export { Lifecycle, type Identity, type Running } from './lifecycle.js';
export { runService } from './run-service.js';
export { serveGrpc } from './serve-grpc.js';
export {
  databaseSettings,
  listenSettings,
  vaultSettings,
  type DatabaseConfig,
  type DatabaseSettings,
  type ListenConfig,
} from './settings.js';
export { databaseOptions, openBus, openDatabase, type BusParts } from './store.js';
export { connectVault, openVault, joinVault, type VaultConfig } from './vault.js';
