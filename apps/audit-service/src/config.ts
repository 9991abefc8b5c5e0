import { loadConfig, settings, type ConfigOf, type Environment } from '@parley/config';
import { eventBusSettings } from '@parley/event-bus';
import { grpcCallers } from '@parley/grpc';
import { databaseSettings, listenSettings, vaultSettings } from '@parley/service';

/** Offset of this service's ports from GRPC_PORT_BASE and OPS_PORT_BASE. */
export const PORT_OFFSET = 6;

/** Whoever holds the master key must not be able to sign for the audit service too. */
function ownKeyInProduction(env: Environment): string | undefined {
  if (env['NODE_ENV'] !== 'production' || env['AUDIT_SIGNING_KEY'] || env['AUDIT_SIGNING_KEY_FILE']) return undefined;
  return 'must be set when NODE_ENV=production, or else AUDIT_SIGNING_KEY_FILE';
}

/** Every setting of the audit service. */
export const configSchema = {
  ...listenSettings(PORT_OFFSET),
  ...grpcCallers(['parley-operator']),
  ...databaseSettings('audit'),
  ...vaultSettings,
  AUDIT_SIGNING_KEY: settings.optionalText(
    'Ed25519 private key in PEM that signs daily heads and statements, then older keys still trusted; without one it is derived from the master key, which production refuses',
    { secret: true, rule: ownKeyInProduction },
  ),
  AUDIT_SIGNING_KEY_FILE: settings.optionalText('file with the signing key, instead of AUDIT_SIGNING_KEY'),
  CONVERSATION_GRPC_URL: settings.optionalText(
    'host:port of conversation-service, for erasures; GRPC_PORT_BASE + 1 on this machine when absent',
  ),
  CRM_GRPC_URL: settings.optionalText('host:port of the CRM bridge; GRPC_PORT_BASE + 3 on this machine when absent'),
  CONSENT_GRPC_URL: settings.optionalText(
    'host:port of the consent service; GRPC_PORT_BASE + 5 on this machine when absent',
  ),
  AUDIT_RETENTION_DAYS: settings.integer(
    'days entries are kept, 90 to 3650; signed heads are kept for good',
    90,
    3650,
    {
      default: '180',
    },
  ),
  ...eventBusSettings,
};

export type Config = ConfigOf<typeof configSchema>;

/** The settings of this process. @throws AppError `CONFIG.INVALID` with every mistake */
export function readConfig(): Config {
  return loadConfig(configSchema, process.env);
}
