import { isLoopback, isProduction, settings, type ConfigOf, type Environment, type Setting } from '@parley/config';
import { grpcTlsSettings } from '@parley/grpc';

/** Where a service listens and how much it says; `portOffset` is that of its ports from the bases all services share. */
export function listenSettings(portOffset: number) {
  return {
    GRPC_PORT_BASE: settings.port(`gRPC of this service listens on this + ${portOffset}`, { default: '50050' }),
    OPS_PORT_BASE: settings.port(`health and metrics of this service listen on this + ${portOffset}`, {
      default: '9460',
    }),
    LISTEN_HOST: settings.text('address gRPC, health and metrics listen on; `0.0.0.0` in a container', {
      default: '127.0.0.1',
    }),
    ...grpcTlsSettings,
    LOG_LEVEL: settings.oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'least severity logged', {
      default: 'info',
    }),
  };
}

/** The values of `listenSettings`, and of `grpcCallers` where gRPC is served. */
export type ListenConfig = ConfigOf<ReturnType<typeof listenSettings>> & { readonly GRPC_TLS_CALLERS?: string[] };

/** Names of the settings that lead to a schema. */
type DatabaseUrls<S extends string> = `${Uppercase<S>}_DATABASE_URL` | 'DATABASE_URL';

/** `databaseSettings` of one schema: `<SCHEMA>_DATABASE_URL`, `DATABASE_URL`, and whether they may go without TLS. */
export type DatabaseSettings<S extends string> = {
  [K in DatabaseUrls<S>]: Setting<string | undefined>;
} & { DATABASE_ALLOW_PLAINTEXT: Setting<boolean> };

/** The URLs of `databaseSettings`. */
export type DatabaseConfig<S extends string> = { readonly [K in DatabaseUrls<S>]: string | undefined };

/** Name of the setting that holds a schema's own URL. */
export function databaseVariable<S extends string>(schema: S): `${Uppercase<S>}_DATABASE_URL` {
  return `${schema.toUpperCase() as Uppercase<S>}_DATABASE_URL`;
}

const WITH_TLS = new Set(['require', 'verify-ca', 'verify-full']);

function hostOf({ hostname, searchParams }: URL): string {
  return searchParams.get('host') ?? decodeURIComponent(hostname);
}

/** A rule for the URL in a variable: personal data and passwords must not cross a network in the clear unnoticed. */
const tlsInProduction =
  (variable: string, isUsed: (env: Environment) => boolean = () => true) =>
  (env: Environment): string | undefined => {
    const text = env[variable];
    if (!text || !isProduction(env) || env['DATABASE_ALLOW_PLAINTEXT'] === 'on' || !isUsed(env)) return undefined;
    const url = new URL(text);
    return isLoopback(hostOf(url)) || WITH_TLS.has(url.searchParams.get('sslmode') ?? '')
      ? undefined
      : 'must end in ?sslmode=verify-full (and &sslrootcert=<file> for a CA of your own) when NODE_ENV=production and the database is on another host; or set DATABASE_ALLOW_PLAINTEXT=on where the network between is your own';
  };

/** How a service reaches its schema: by a URL of its own, or by the one all services share. */
export function databaseSettings<const S extends string>(schema: S): DatabaseSettings<S> {
  const name = databaseVariable(schema);
  const own = settings.optionalPostgresUrl("Postgres, as this service's own role", {
    secret: true,
    or: 'DATABASE_URL',
    rule: tlsInProduction(name),
  });
  const shared = settings.optionalPostgresUrl(`Postgres of all services, when there is no ${name}`, {
    secret: true,
    rule: tlsInProduction('DATABASE_URL', (env) => !env[name]),
  });
  const DATABASE_ALLOW_PLAINTEXT = settings.flag(
    'whether NODE_ENV=production goes without TLS to databases on other hosts, over a network that is trusted',
    { default: 'off' },
  );
  return { [name]: own, DATABASE_URL: shared, DATABASE_ALLOW_PLAINTEXT } as DatabaseSettings<S>;
}

/** Keys as the vault reads them: the current one, then older ones. */
const MASTER_KEYS = /^(?:[A-Za-z0-9+/_-]{43}=?|[0-9a-f]{64})(?:,(?:[A-Za-z0-9+/_-]{43}=?|[0-9a-f]{64}))*$/i;

function masterKeyRule({ PARLEY_MASTER_KEY: text, PARLEY_MASTER_KEY_FILE: file }: Environment): string | undefined {
  return !text || file || MASTER_KEYS.test(text) ? undefined : 'must be 32 bytes in base64 or hex';
}

/** Where the keys are that all services share, and the key above them, given as such or in a file. */
export const vaultSettings = {
  VAULT_DATABASE_URL: settings.optionalPostgresUrl(
    "Postgres that holds the keys, as this service's own role there; the service's own database when not set",
    { secret: true, rule: tlsInProduction('VAULT_DATABASE_URL') },
  ),
  PARLEY_MASTER_KEY: settings.optionalText('32 bytes in base64: wraps the keys of persons, roots the look-up hashes', {
    secret: true,
    or: 'PARLEY_MASTER_KEY_FILE',
    rule: masterKeyRule,
  }),
  PARLEY_MASTER_KEY_FILE: settings.optionalText('file with the master key, instead of PARLEY_MASTER_KEY'),
};
