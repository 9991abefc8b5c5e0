import { loadConfig, settings, type ConfigOf } from '@parley/config';
import { eventBusSettings } from '@parley/event-bus';
import { grpcCallers } from '@parley/grpc';
import { databaseSettings, listenSettings, vaultSettings } from '@parley/service';

/** Offset of this service's ports from GRPC_PORT_BASE and OPS_PORT_BASE. */
export const PORT_OFFSET = 3;

/** Every setting of the CRM bridge. */
export const configSchema = {
  ...listenSettings(PORT_OFFSET),
  ...grpcCallers(['conversation-service', 'audit-service', 'parley-operator']),
  ...databaseSettings('crm'),
  ...vaultSettings,
  CRM_CONNECTOR: settings.oneOf(
    ['built-in'],
    'the CRM behind this bridge; `built-in` is the only connector so far, those of vendors are still to come',
    { default: 'built-in' },
  ),
  PARLEY_DEMO_DATA: settings.flag('`on` writes demonstration customers into an empty built-in CRM', { default: 'on' }),
  ...eventBusSettings,
};

export type Config = ConfigOf<typeof configSchema>;

/** The settings of this process. @throws AppError `CONFIG.INVALID` with every mistake */
export function readConfig(): Config {
  return loadConfig(configSchema, process.env);
}
