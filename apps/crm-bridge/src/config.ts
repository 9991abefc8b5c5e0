import { loadConfig, settings, type ConfigOf } from '@parley/config';
import { eventBusSettings } from '@parley/event-bus';

/** Every setting of the CRM bridge. */
export const configSchema = {
  GRPC_PORT_BASE: settings.port('gRPC of this service listens on this + 3', { default: '50050' }),
  OPS_PORT_BASE: settings.port('health and metrics of this service listen on this + 3', { default: '9460' }),
  LISTEN_HOST: settings.text('address gRPC, health and metrics listen on; `0.0.0.0` in a container', {
    default: '127.0.0.1',
  }),
  CRM_DATABASE_URL: settings.optionalUrl("Postgres, as this service's own role", { secret: true }),
  DATABASE_URL: settings.optionalUrl('Postgres of all services, when there is no CRM_DATABASE_URL', { secret: true }),
  PARLEY_MASTER_KEY: settings.optionalText('32 bytes in base64: wraps the keys of persons, roots the look-up hashes', {
    secret: true,
  }),
  PARLEY_MASTER_KEY_FILE: settings.optionalText('file with the master key, instead of PARLEY_MASTER_KEY'),
  CRM_CONNECTOR: settings.oneOf(
    ['built-in'],
    'the CRM behind this bridge; `built-in` is the only connector so far, those of vendors are still to come',
    { default: 'built-in' },
  ),
  PARLEY_DEMO_DATA: settings.flag('`on` writes demonstration customers into an empty built-in CRM', { default: 'on' }),
  ...eventBusSettings,
};

export type Config = ConfigOf<typeof configSchema>;

/** @throws AppError `CONFIG.INVALID` with every mistake */
export function readConfig(): Config {
  return loadConfig(configSchema, process.env);
}
