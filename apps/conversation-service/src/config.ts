import { fileURLToPath } from 'node:url';
import { loadConfig, settings, type ConfigOf } from '@parley/config';
import { eventBusSettings } from '@parley/event-bus';
import { z } from 'zod';
import { isZone } from './domain/wall-clock.js';

/** The repository's own content, seen from src/ as well as from dist/. */
const contentFolder = fileURLToPath(new URL('../../../content', import.meta.url));

/** Demonstration number of the simulator. */
const DEMO_NUMBER = '106540352242922';

/** Every setting of the conversation service. */
export const configSchema = {
  GRPC_PORT_BASE: settings.port('gRPC of this service listens on this + 1; others are looked for beside it', {
    default: '50050',
  }),
  OPS_PORT_BASE: settings.port('health and metrics of this service listen on this + 1', { default: '9460' }),
  LISTEN_HOST: settings.text('address gRPC, health and metrics listen on; `0.0.0.0` in a container', {
    default: '127.0.0.1',
  }),
  CONVERSATION_DATABASE_URL: settings.optionalUrl("Postgres, as this service's own role", { secret: true }),
  DATABASE_URL: settings.optionalUrl('Postgres of all services, when there is no CONVERSATION_DATABASE_URL', {
    secret: true,
  }),
  PARLEY_MASTER_KEY: settings.optionalText('32 bytes in base64: wraps the keys of persons, roots the look-up hashes', {
    secret: true,
  }),
  PARLEY_MASTER_KEY_FILE: settings.optionalText('file with the master key, instead of PARLEY_MASTER_KEY'),
  WHATSAPP_PHONE_NUMBER_ID: settings.list(
    'our numbers (Meta phone_number_id), comma-separated; others are never answered',
    {
      demoValue: DEMO_NUMBER,
    },
  ),
  PARLEY_TIME_ZONE: {
    ...settings.text("the business's own time zone (IANA)", { default: 'UTC' }),
    schema: z.string().refine(isZone, 'must be a zone like Europe/Berlin'),
  },
  CONTENT_DIR: settings.text('folder with flows, replies and routing', { default: contentFolder }),
  INTENT_GRPC_URL: settings.optionalText(
    'host:port of the intent service; GRPC_PORT_BASE + 2 on this machine when absent',
  ),
  CRM_GRPC_URL: settings.optionalText('host:port of the CRM bridge; GRPC_PORT_BASE + 3 on this machine when absent'),
  ERP_GRPC_URL: settings.optionalText('host:port of the ERP bridge; GRPC_PORT_BASE + 4 on this machine when absent'),
  CONSENT_GRPC_URL: settings.optionalText(
    'host:port of the consent service; GRPC_PORT_BASE + 5 on this machine when absent',
  ),
  ...eventBusSettings,
};

export type Config = ConfigOf<typeof configSchema>;

type Environment = Readonly<Record<string, string | undefined>>;

/** What has to be there in one of two ways: where the other way is not taken, it is required like any other setting. */
function required(env: Environment): Partial<typeof configSchema> {
  const database = env['CONVERSATION_DATABASE_URL'] || env['DATABASE_URL'];
  const masterKey = env['PARLEY_MASTER_KEY'] || env['PARLEY_MASTER_KEY_FILE'];
  return {
    ...(database ? {} : { CONVERSATION_DATABASE_URL: settings.url("Postgres, as this service's own role") }),
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
