import { loadConfig, settings, type ConfigOf } from '@parley/config';
import { eventBusSettings } from '@parley/event-bus';
import { grpcCallers } from '@parley/grpc';
import { databaseSettings, listenSettings, vaultSettings } from '@parley/service';

/** Offset of this service's ports from GRPC_PORT_BASE and OPS_PORT_BASE. */
export const PORT_OFFSET = 4;

/** Every setting of the ERP bridge. */
export const configSchema = {
  ...listenSettings(PORT_OFFSET),
  ...grpcCallers(['conversation-service', 'parley-operator']),
  ...databaseSettings('erp'),
  ...vaultSettings,
  ERP_CONNECTOR: settings.oneOf(
    ['built-in'],
    'the ERP behind this bridge; `built-in` is the only connector so far, those of vendors are still to come',
    { default: 'built-in' },
  ),
  ERP_PAYMENT_PAGE_URL: settings.optionalUrl(
    'page where invoices are paid; a token is appended as last part of the path',
  ),
  PARLEY_DEMO_DATA: settings.flag('`on` writes demonstration data into an empty built-in ERP', { default: 'on' }),
  ...eventBusSettings,
};

export type Config = ConfigOf<typeof configSchema>;

/** The settings of this process. @throws AppError `CONFIG.INVALID` with every mistake */
export function readConfig(): Config {
  return loadConfig(configSchema, process.env);
}
