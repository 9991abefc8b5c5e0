import { fileURLToPath } from 'node:url';
import { loadConfig, settings, type ConfigOf } from '@parley/config';
import { eventBusSettings } from '@parley/event-bus';
import { grpcCallers } from '@parley/grpc';
import { databaseSettings, listenSettings, vaultSettings } from '@parley/service';
import { z } from 'zod';
import { isZone } from './domain/wall-clock.js';

/** The repository's own content, seen from src/ as well as from dist/. */
const contentFolder = fileURLToPath(new URL('../../../content', import.meta.url));

/** Demonstration number of the simulator. */
const DEMO_NUMBER = '106540352242922';

/** Offset of this service's ports from GRPC_PORT_BASE and OPS_PORT_BASE. */
export const PORT_OFFSET = 1;

/** Every setting of the conversation service. */
export const configSchema = {
  ...listenSettings(PORT_OFFSET),
  ...grpcCallers(['desk', 'audit-service']),
  ...databaseSettings('conversation'),
  ...vaultSettings,
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

/** The settings of this process. @throws AppError `CONFIG.INVALID` with every mistake */
export function readConfig(): Config {
  return loadConfig(configSchema, process.env);
}
