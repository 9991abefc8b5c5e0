import { loadConfig, type ConfigOf } from '@parley/config';
import { eventBusSettings } from '@parley/event-bus';
import { grpcCallers } from '@parley/grpc';
import { databaseSettings, listenSettings, vaultSettings } from '@parley/service';

/** Offset of this service's ports from GRPC_PORT_BASE and OPS_PORT_BASE. */
export const PORT_OFFSET = 5;

/** Every setting of the consent service. */
export const configSchema = {
  ...listenSettings(PORT_OFFSET),
  ...grpcCallers(['gateway', 'conversation-service', 'audit-service']),
  ...databaseSettings('consent'),
  ...vaultSettings,
  ...eventBusSettings,
};

export type Config = ConfigOf<typeof configSchema>;

/** The settings of this process. @throws AppError `CONFIG.INVALID` with every mistake */
export function readConfig(): Config {
  return loadConfig(configSchema, process.env);
}
