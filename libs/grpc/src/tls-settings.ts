import { isLoopback, isProduction, settings, type ConfigOf, type Environment, type Setting } from '@parley/config';
import { GrpcTls, type TlsOptions } from './tls.js';

const FILES = ['GRPC_TLS_CA_FILE', 'GRPC_TLS_CERT_FILE', 'GRPC_TLS_KEY_FILE'] as const;

function together(env: Environment, name: string): string | undefined {
  const given = FILES.filter((file) => env[file]);
  return given.length > 0 && !env[name] ? `must be set together with ${given.join(', ')}` : undefined;
}

const hostOf = (address: string): string => address.replace(/:\d+$/, '');

/** Whether gRPC crosses a network: this service listens on one, or asks somebody on one. */
function leavesThisMachine(env: Environment): boolean {
  const asked = Object.entries(env).flatMap(([name, value]) => (name.endsWith('_GRPC_URL') && value ? [value] : []));
  return [env['LISTEN_HOST'] ?? '', ...asked.map(hostOf)].some((host) => !isLoopback(host));
}

function tlsInProduction(env: Environment): string | undefined {
  if (!isProduction(env) || env['GRPC_ALLOW_PLAINTEXT'] === 'on' || FILES.some((file) => env[file])) return undefined;
  return leavesThisMachine(env)
    ? 'must be set, with GRPC_TLS_CA_FILE and GRPC_TLS_KEY_FILE, when NODE_ENV=production and gRPC leaves this machine; or set GRPC_ALLOW_PLAINTEXT=on where the network between is your own'
    : undefined;
}

/** Settings of every process that serves or calls gRPC. */
export const grpcTlsSettings = {
  GRPC_TLS_CA_FILE: settings.optionalFile(
    'certificates (PEM) of the CAs that sign those of services; with it gRPC is TLS with certificates on both sides',
    { rule: (env) => together(env, 'GRPC_TLS_CA_FILE') },
  ),
  GRPC_TLS_CERT_FILE: settings.optionalFile(
    "this service's certificate (PEM), for its own name; read again when it changes",
    { rule: (env) => together(env, 'GRPC_TLS_CERT_FILE') ?? tlsInProduction(env) },
  ),
  GRPC_TLS_KEY_FILE: settings.optionalFile('private key (PEM) of the certificate', {
    rule: (env) => together(env, 'GRPC_TLS_KEY_FILE'),
  }),
  GRPC_ALLOW_PLAINTEXT: settings.flag(
    'whether NODE_ENV=production goes without TLS between services, over a network that is trusted',
    { default: 'off' },
  ),
};

/** The setting of a service with a list of those who may call it; by default those who do. */
export function grpcCallers(callers: readonly string[]): { GRPC_TLS_CALLERS: Setting<string[]> } {
  const help = 'who may call this service: names in their certificates, comma-separated';
  return { GRPC_TLS_CALLERS: settings.list(help, { default: callers.join(',') }) };
}

/** The certificates that the settings name; undefined: gRPC in the clear. @throws AppError `GRPC.BAD_CERTIFICATES` */
export function grpcTls(config: ConfigOf<typeof grpcTlsSettings>, options?: TlsOptions): GrpcTls | undefined {
  const { GRPC_TLS_CA_FILE: ca, GRPC_TLS_CERT_FILE: cert, GRPC_TLS_KEY_FILE: key } = config;
  return ca && cert && key ? new GrpcTls({ ca, cert, key }, options) : undefined;
}
