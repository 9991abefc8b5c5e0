import { loadConfig, settings, type ConfigOf } from '@parley/config';

const PORT_OFFSET = 2;

/** Settings of the intent service. */
export const schema = {
  GRPC_PORT_BASE: settings.port('gRPC ports start here; this service is +2', { default: '50050' }),
  OPS_PORT_BASE: settings.port('health and metrics ports start here; this service is +2', { default: '9460' }),
  LISTEN_HOST: settings.text('address to listen on', { default: '127.0.0.1' }),
  LOG_LEVEL: settings.oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'least severity logged', {
    default: 'info',
  }),
};

export type Config = ConfigOf<typeof schema> & { grpcUrl: string; opsPort: number };

/** Reads the environment. @throws AppError that lists every wrong setting */
export function readConfig(): Config {
  const values = loadConfig(schema, process.env);
  const grpcUrl = `${values.LISTEN_HOST}:${values.GRPC_PORT_BASE + PORT_OFFSET}`;
  return { ...values, grpcUrl, opsPort: values.OPS_PORT_BASE + PORT_OFFSET };
}
