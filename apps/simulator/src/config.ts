import { loadConfig, settings, type ConfigOf } from '@parley/config';

export const schema = {
  SIMULATOR_PORT: settings.port('where the Graph API, the control API and the phone listen', { default: '8090' }),
  SIMULATOR_HOST: settings.text('address to bind; the control API has no sign-in', { default: '127.0.0.1' }),
  SIMULATOR_SEED: settings.integer('start of the dice that faults are thrown with', 0, 2 ** 31, { default: '1' }),
  SIMULATOR_MESSAGES_PER_SECOND: settings.integer(
    'sends per second and number before 130429; 0 is no limit',
    0,
    100_000,
    {
      default: '80',
    },
  ),
  SIMULATOR_PAIR_LIMIT: settings.flag('45 sends at once and 1 per 6 s to one person before 131056', { default: 'on' }),
  SIMULATOR_WINDOW: settings.oneOf(['status', 'answer', 'off'], 'how a free-form send after 24 h fails with 131047', {
    default: 'status',
  }),
  SIMULATOR_TEMPLATES: settings.flag('templates must exist, be approved and get the right parameters', {
    default: 'on',
  }),
  SIMULATOR_WEBHOOK_TIMEOUT: settings.duration('how long a webhook waits for its answer', { default: '20s' }),
  GATEWAY_PORT: settings.port('port of the gateway, for the default of WEBHOOK_URL', { default: '8080' }),
  WEBHOOK_URL: settings.optionalUrl('who gets the webhooks; the gateway on this machine when not set'),
  WHATSAPP_APP_SECRET: settings.text('signs webhooks', { secret: true, demoValue: 'demo-app-secret' }),
  WHATSAPP_VERIFY_TOKEN: settings.text('shown to the receiver at the handshake', {
    secret: true,
    demoValue: 'demo-verify-token',
  }),
  WHATSAPP_ACCESS_TOKEN: settings.text('the token Graph calls must carry', {
    secret: true,
    demoValue: 'demo-access-token',
  }),
  WHATSAPP_PHONE_NUMBER_ID: settings.list('ids of the business numbers, comma-separated', {
    demoValue: '106540352242922',
  }),
  WHATSAPP_BUSINESS_ACCOUNT_ID: settings.list('id of the business account; the first one counts', {
    demoValue: '102290129340398',
  }),
  SIMULATOR_DISPLAY_PHONE_NUMBER: settings.list(
    'phone numbers of the business numbers, in the same order; made up where missing',
    {
      default: '15550783881',
    },
  ),
  LOG_LEVEL: settings.oneOf(
    ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    'least severity that is logged',
    {
      default: 'info',
    },
  ),
};

export type Config = ConfigOf<typeof schema>;

export function readConfig(): Config {
  return loadConfig(schema, process.env);
}
