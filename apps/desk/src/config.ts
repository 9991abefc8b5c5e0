import { loadConfig, settings, type ConfigOf } from '@parley/config';
import { databaseSettings, listenSettings } from '@parley/service';

/** Offset of this service's ports from GRPC_PORT_BASE and OPS_PORT_BASE. */
export const PORT_OFFSET = 7;

/** Every setting of the desk. */
export const configSchema = {
  DESK_PORT: settings.port("where the agents' page and its API listen", { default: '8081' }),
  ...listenSettings(PORT_OFFSET),
  GRPC_PORT_BASE: settings.port(
    'conversation-service is at this + 1, when CONVERSATION_GRPC_URL does not say otherwise',
    {
      default: '50050',
    },
  ),
  CONVERSATION_GRPC_URL: settings.optionalText('host:port of conversation-service'),
  ...databaseSettings('desk'),
  DESK_ADMIN_EMAIL: settings.text('address of the account that is made when there is none', {
    default: 'agent@example.com',
  }),
  DESK_ADMIN_PASSWORD: settings.text('its first password', { secret: true, demoValue: 'parley-demo' }),
  DESK_TLS: settings.oneOf(
    ['off', 'proxy'],
    '`proxy`: a trusted proxy ends TLS and says so in `X-Forwarded-Proto`; requests without TLS are refused. `off`: plain HTTP, on your own machine only',
    { demoValue: 'off' },
  ),
  DESK_TRUSTED_PROXIES: settings.text(
    'addresses whose `X-Forwarded-*` headers are believed with DESK_TLS=proxy: comma-separated, CIDR, or `loopback`, `linklocal`, `uniquelocal`',
    { default: 'loopback, linklocal, uniquelocal' },
  ),
  DESK_SESSION_IDLE: settings.duration('a session ends after this time without a request', { default: '60m' }),
  DESK_SESSION_LIFE: settings.duration('and after this time in any case', { default: '12h' }),
};

export type Config = ConfigOf<typeof configSchema>;

/** The settings of this process. @throws AppError `CONFIG.INVALID` with every mistake */
export function readConfig(): Config {
  return loadConfig(configSchema, process.env);
}
