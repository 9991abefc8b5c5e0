import {
  isLoopback,
  isProduction,
  loadConfig,
  settings,
  type ConfigOf,
  type Environment,
  type Setting,
} from '@parley/config';
import { eventBusSettings } from '@parley/event-bus';
import { grpcCallers } from '@parley/grpc';
import { databaseSettings, listenSettings, vaultSettings } from '@parley/service';
import { z } from 'zod';

/** Offset of this service's ports from GRPC_PORT_BASE and OPS_PORT_BASE. */
export const PORT_OFFSET = 0;

/** Demonstration number of the simulator. */
const DEMO_NUMBER = '106540352242922';

const provider = {
  ...settings.text('who carries the messages; `on-premises` and `d7` wait for their adapters', {
    default: 'cloud-api',
  }),
  schema: z
    .enum(['cloud-api', 'on-premises', 'd7'])
    .refine((name) => name === 'cloud-api', 'waits for its adapter; only cloud-api is there so far'),
};

/** Sends per second of numbers by their ids, or of all numbers. */
type Rates = { each: ReadonlyMap<string, number>; common: number };

const MOST_PER_SECOND = 1000;
const COMMON_RATE = 80;

function rateOf(text: string | undefined): number | undefined {
  const value = /^\d+$/.test(text ?? '') ? Number(text) : Number.NaN;
  return value >= 1 && value <= MOST_PER_SECOND ? value : undefined;
}

/** One value, or one for each id; undefined for anything else. */
function ratesOf(text: string): Rates | undefined {
  if (!text.includes('=')) {
    const common = rateOf(text.trim());
    return common === undefined ? undefined : { each: new Map(), common };
  }
  const each = new Map<string, number>();
  for (const part of text.split(',')) {
    const [id = '', rate, ...more] = part.split('=').map((piece) => piece.trim());
    const value = rateOf(rate);
    if (id === '' || value === undefined || more.length > 0 || each.has(id)) return undefined;
    each.set(id, value);
  }
  return { each, common: COMMON_RATE };
}

const idsOf = (text: string): string[] => text.split(',').flatMap((id) => id.trim() || []);

/** A rate for a number that is not ours is a slip of the pen in one of the two. */
function ratesHaveNumbers(env: Environment): string | undefined {
  const known = idsOf(env['WHATSAPP_PHONE_NUMBER_ID'] || DEMO_NUMBER);
  const rated = ratesOf(env['WHATSAPP_MESSAGES_PER_SECOND'] || String(COMMON_RATE))?.each.keys() ?? [];
  return [...rated].every((id) => known.includes(id))
    ? undefined
    : 'has a rate for an id that is not in WHATSAPP_PHONE_NUMBER_ID';
}

const messagesPerSecond: Setting<Rates> = {
  ...settings.text('sends per second and number: one value or `id=value,...`', { default: String(COMMON_RATE) }),
  schema: z.string().transform((text, ctx) => {
    const rates = ratesOf(text);
    if (rates) return rates;
    ctx.addIssue(`must be 1 to ${MOST_PER_SECOND}, or id=value for numbers, each once`);
    return z.NEVER;
  }),
  rule: ratesHaveNumbers,
};

/** The access token and every message go there. */
function graphOverTls(env: Environment): string | undefined {
  const url = env['WHATSAPP_GRAPH_URL'];
  if (!url || !isProduction(env)) return undefined;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || isLoopback(hostname)
    ? undefined
    : 'must be an https:// URL when NODE_ENV=production and it leads to another host';
}

/** Every setting of the gateway. */
export const configSchema = {
  GATEWAY_PORT: settings.port('public HTTP: webhooks and secure links', { default: '8080' }),
  GATEWAY_HOST: settings.text('address public HTTP listens on', { default: '0.0.0.0' }),
  ...listenSettings(PORT_OFFSET),
  ...grpcCallers(['parley-operator']),
  CONSENT_GRPC_URL: settings.optionalText('host:port of the consent service; default 127.0.0.1:GRPC_PORT_BASE + 5'),
  ...databaseSettings('gateway'),
  ...vaultSettings,
  WHATSAPP_PROVIDER: provider,
  WHATSAPP_GRAPH_URL: settings.optionalUrl(
    'Graph API; default the simulator when it runs, else https://graph.facebook.com',
    { rule: graphOverTls },
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
  WHATSAPP_PHONE_NUMBER_ID: settings.text('ids of the numbers, comma-separated', { demoValue: DEMO_NUMBER }),
  WHATSAPP_BUSINESS_ACCOUNT_ID: settings.text('ids of the accounts, comma-separated', { demoValue: '102290129340398' }),
  WHATSAPP_MESSAGES_PER_SECOND: messagesPerSecond,
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

/** @throws AppError `CONFIG.INVALID` with every mistake */
export function parseConfig(env: Environment): Config {
  const config = loadConfig(configSchema, env);
  const standIn = config.SIMULATOR ? `http://127.0.0.1:${config.SIMULATOR_PORT}` : 'https://graph.facebook.com';
  const graphUrl = config.WHATSAPP_GRAPH_URL ?? standIn;
  const { each, common } = config.WHATSAPP_MESSAGES_PER_SECOND;
  const numbers = new Map(idsOf(config.WHATSAPP_PHONE_NUMBER_ID).map((id) => [id, each.get(id) ?? common]));
  return { ...config, graphUrl, numbers };
}

/** The settings of this process. */
export function readConfig(): Config {
  return parseConfig(process.env);
}
