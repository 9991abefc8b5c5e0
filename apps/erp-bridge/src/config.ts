import { loadConfig, settings, type ConfigOf } from '@parley/config';
import { eventBusSettings } from '@parley/event-bus';

/** Every setting of the ERP bridge. */
export const configSchema = {
  GRPC_PORT_BASE: settings.port('gRPC of this service listens on this + 4', { default: '50050' }),
  OPS_PORT_BASE: settings.port('health and metrics of this service listen on this + 4', { default: '9460' }),
  LISTEN_HOST: settings.text('address gRPC, health and metrics listen on; `0.0.0.0` in a container', {
    default: '127.0.0.1',
  }),
  ERP_DATABASE_URL: settings.optionalUrl("Postgres, as this service's own role", { secret: true }),
  DATABASE_URL: settings.optionalUrl('Postgres of all services, when there is no ERP_DATABASE_URL', { secret: true }),
  PARLEY_MASTER_KEY: settings.optionalText('32 bytes in base64: wraps the keys of persons, roots the look-up hashes', {
    secret: true,
  }),
  PARLEY_MASTER_KEY_FILE: settings.optionalText('file with the master key, instead of PARLEY_MASTER_KEY'),
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

/** @throws AppError `CONFIG.INVALID` with every mistake */
export function readConfig(): Config {
  return loadConfig(configSchema, process.env);
}
