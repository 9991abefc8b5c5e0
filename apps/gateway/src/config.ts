import { loadConfig, settings, type ConfigOf } from '@parley/config';
import { invalidArgument } from '@parley/errors';
import { eventBusSettings } from '@parley/event-bus';
import { databaseSettings, listenSettings, vaultSettings } from '@parley/service';
import { providerWaits } from './domain/errors.js';

/** Offset of this service's ports from GRPC_PORT_BASE and OPS_PORT_BASE. */
export const PORT_OFFSET = 0;

/** Every setting of the gateway. */
export const configSchema = {
  GATEWAY_PORT: settings.port('public HTTP: webhooks and secure links', { default: '8080' }),
  GATEWAY_HOST: settings.text('address public HTTP listens on', { default: '0.0.0.0' }),
  ...listenSettings(PORT_OFFSET),
  CONSENT_GRPC_URL: settings.optionalText('host:port of the consent service; default 127.0.0.1:GRPC_PORT_BASE + 5'),
  ...databaseSettings('gateway'),
  ...vaultSettings,
  WHATSAPP_PROVIDER: settings.oneOf(['cloud-api', 'on-premises', 'd7'], 'who carries the messages', {
    default: 'cloud-api',
  }),
  WHATSAPP_GRAPH_URL: settings.optionalUrl(
    'Graph API; default the simulator when it runs, else https://graph.facebook.com',
  ),
  WHATSAPP_GRAPH_VERSION: settings.text('version of the Graph API', { default: 'v25.0' }),
  WHATSAPP_APP_SECRET: settings.text('secret of the app, signs webhooks', {
    secret: true,
    demoValue: 'demo-app-secret',
  }),
  WHATSAPP_APP_SECRET_PREVIOUS: settings.optionalText('the secret before, while it is being rotated', { secret: true }),
  WHATSAPP_VERIFY_TOKEN: settings.text('token of the webhook handshake', {
    secret: true,
    demoValue: 'demo-verify-token',
  }),
  WHATSAPP_ACCESS_TOKEN: settings.text("the system user's token", { secret: true, demoValue: 'demo-access-token' }),
  WHATSAPP_PHONE_NUMBER_ID: settings.text('ids of the numbers, comma-separated', { demoValue: '106540352242922' }),
  WHATSAPP_BUSINESS_ACCOUNT_ID: settings.text('ids of the accounts, comma-separated', { demoValue: '102290129340398' }),
  WHATSAPP_MESSAGES_PER_SECOND: settings.text('sends per second and number: one value or `id=value,...`', {
    default: '80',
  }),
  WHATSAPP_BULK_BESIDE_LIVE: settings.integer(
    'sends of campaigns per second and number while customers are answered from it; alone a campaign has the whole rate',
    1,
    1000,
    { default: '30' },
  ),
  WHATSAPP_IN_DOUBT_WAIT: settings.duration('how long a send of unknown outcome waits for its status', {
    default: '60s',
  }),
  SIMULATOR: settings.flag('whether the simulator stands in for Meta', { default: 'on' }),
  SIMULATOR_PORT: settings.port('where the simulator listens', { default: '8090' }),
  ...eventBusSettings,
};

/** The settings, and what follows from several of them. */
export type Config = ConfigOf<typeof configSchema> & {
  graphUrl: string;
  /** Sends per second of each configured number. */
  numbers: ReadonlyMap<string, number>;
};

const MOST_PER_SECOND = 1000;

function rate(text: string | undefined): number {
  const value = /^\d+$/.test(text ?? '') ? Number(text) : Number.NaN;
  if (value >= 1 && value <= MOST_PER_SECOND) return value;
  throw invalidArgument(
    'CONFIG.INVALID',
    `1 setting is wrong:\n  WHATSAPP_MESSAGES_PER_SECOND: must be 1 to ${MOST_PER_SECOND}, or id=value for each number`,
  );
}

function numbersOf(ids: string, rates: string): Map<string, number> {
  const each = new Map(
    rates.split(',').flatMap((part) => (part.includes('=') ? [part.trim().split('=', 2)] : [])) as [string, string][],
  );
  const common = each.size > 0 ? '80' : rates.trim();
  const known = ids.split(',').flatMap((id) => id.trim() || []);
  return new Map(known.map((id) => [id, rate(each.get(id) ?? common)]));
}

/** @throws AppError `CONFIG.INVALID` with every mistake, `CONFIG.PROVIDER_WAITS` for a provider without an adapter */
export function parseConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const config = loadConfig(configSchema, env);
  if (config.WHATSAPP_PROVIDER !== 'cloud-api') throw providerWaits(config.WHATSAPP_PROVIDER);
  const standIn = config.SIMULATOR ? `http://127.0.0.1:${config.SIMULATOR_PORT}` : 'https://graph.facebook.com';
  const graphUrl = config.WHATSAPP_GRAPH_URL ?? standIn;
  const numbers = numbersOf(config.WHATSAPP_PHONE_NUMBER_ID, config.WHATSAPP_MESSAGES_PER_SECOND);
  return { ...config, graphUrl, numbers };
}

/** The settings of this process. */
export function readConfig(): Config {
  return parseConfig(process.env);
}
