import { freePort } from '@parley/testing';
import { parseConfig, type Config } from '../../src/config.js';

/** Settings of the doors alone; the database and the key they name are never used. */
export async function doorsConfig(port: number, more: Record<string, string> = {}): Promise<Config> {
  return parseConfig({
    GATEWAY_PORT: String(port),
    GATEWAY_HOST: '127.0.0.1',
    GRPC_PORT_BASE: String(await freePort()),
    DATABASE_URL: 'postgres://nobody@127.0.0.1/none',
    PARLEY_MASTER_KEY_FILE: '/none',
    ...more,
  });
}
