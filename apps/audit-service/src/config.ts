import { loadConfig, settings, type ConfigOf } from '@parley/config';
import { eventBusSettings } from '@parley/event-bus';

/** Every setting of the audit service. */
export const configSchema = {
  GRPC_PORT_BASE: settings.port('gRPC of this service listens on this + 6', { default: '50050' }),
  OPS_PORT_BASE: settings.port('health and metrics of this service listen on this + 6', { default: '9460' }),
  LISTEN_HOST: settings.text('address gRPC, health and metrics listen on; `0.0.0.0` in a container', {
    default: '127.0.0.1',
  }),
  AUDIT_DATABASE_URL: settings.optionalUrl("Postgres, as this service's own role", { secret: true }),
  DATABASE_URL: settings.optionalUrl('Postgres of all services, when there is no AUDIT_DATABASE_URL', {
    secret: true,
  }),
  PARLEY_MASTER_KEY: settings.optionalText('32 bytes in base64: wraps the keys of persons, roots the look-up hashes', {
    secret: true,
  }),
  PARLEY_MASTER_KEY_FILE: settings.optionalText('file with the master key, instead of PARLEY_MASTER_KEY'),
  ...eventBusSettings,
};

export type Config = ConfigOf<typeof configSchema>;

type Environment = Readonly<Record<string, string | undefined>>;

/** What has to be there in one of two ways: where the other way is not taken, it is required like any other setting. */
function required(env: Environment): Partial<typeof configSchema> {
  const database = env['AUDIT_DATABASE_URL'] || env['DATABASE_URL'];
  const masterKey = env['PARLEY_MASTER_KEY'] || env['PARLEY_MASTER_KEY_FILE'];
  return {
    ...(database ? {} : { AUDIT_DATABASE_URL: settings.url("Postgres, as this service's own role") }),
    ...(masterKey ? {} : { PARLEY_MASTER_KEY: settings.text('32 bytes in base64; or set PARLEY_MASTER_KEY_FILE') }),
  };
}

/** @throws AppError `CONFIG.INVALID` with every mistake */
export function parseConfig(env: Environment): Config {
  return loadConfig({ ...configSchema, ...required(env) }, env);
}

/** The settings of this process. */
export function readConfig(): Config {
  return parseConfig(process.env);
}
