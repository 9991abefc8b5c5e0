export { Lifecycle, type Identity, type Running } from './lifecycle.js';
export { runService } from './run-service.js';
export { serveGrpc } from './serve-grpc.js';
export {
  databaseSettings,
  listenSettings,
  masterKeySettings,
  type DatabaseConfig,
  type DatabaseSettings,
  type ListenConfig,
} from './settings.js';
export { databaseOptions, openBus, openDatabase, readMasterKey, type BusParts } from './store.js';
