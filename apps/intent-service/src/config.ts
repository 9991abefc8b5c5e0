import { fileURLToPath } from 'node:url';
import { loadConfig, settings, type ConfigOf } from '@parley/config';
import { z } from 'zod';
import { grpcCallers } from '@parley/grpc';
import { listenSettings } from '@parley/service';

/** The repository's own content, seen from src/ as well as from dist/. */
const contentFolder = fileURLToPath(new URL('../../../content', import.meta.url));

/** Offset of this service's ports from GRPC_PORT_BASE and OPS_PORT_BASE. */
export const PORT_OFFSET = 2;

/** Every setting of the intent service. */
export const configSchema = {
  ...listenSettings(PORT_OFFSET),
  ...grpcCallers(['conversation-service']),
  CONTENT_DIR: settings.text('folder whose `intents/` hold the intents of the business', { default: contentFolder }),
  PARLEY_COUNTRY: {
    ...settings.optionalText('country whose phones customers write without a prefix (ISO 3166, such as `DE`)'),
    schema: z
      .string()
      .regex(/^[A-Z]{2}$/, 'must be two capitals like DE')
      .optional(),
  },
};

export type Config = ConfigOf<typeof configSchema>;

/** The settings of this process. @throws AppError `CONFIG.INVALID` with every mistake */
export function readConfig(): Config {
  return loadConfig(configSchema, process.env);
}
