import { isLoopback, isProduction, settings, type ConfigOf, type Environment } from '@parley/config';

/** What a sign-in needs: signing in as nobody would fail at the broker, much later and for no reason anybody sees. */
const neededToSignIn = (name: string) => (env: Environment) =>
  (env['KAFKA_SASL_MECHANISM'] || 'none') !== 'none' && !env[name]
    ? 'must be set when KAFKA_SASL_MECHANISM is not none'
    : undefined;

/** Records, names and passwords must not cross a network in the clear because a setting was forgotten. */
function tlsInProduction(env: Environment): string | undefined {
  if (!isProduction(env) || env['KAFKA_SSL'] === 'on' || env['KAFKA_ALLOW_PLAINTEXT'] === 'on') return undefined;
  const hosts = (env['KAFKA_BROKERS'] ?? '').split(',').map((broker) => broker.trim().replace(/:\d+$/, ''));
  return hosts.every(isLoopback)
    ? undefined
    : 'must be on when NODE_ENV=production and KAFKA_BROKERS are on other hosts; set it to on, or KAFKA_ALLOW_PLAINTEXT=on where the network between is your own';
}

/** Certificates without TLS would be left out without a word, and a certificate is nothing without its key. */
const needsTls =
  (other?: string) =>
  (env: Environment): string | undefined => {
    if (other && !env[other]) return `must come with ${other}`;
    return env['KAFKA_SSL'] === 'on' ? undefined : 'is for KAFKA_SSL=on only';
  };

/** A rule for a setting that may be absent: what is not set has nothing to agree with. */
const whenSet =
  (name: string, rule: (env: Environment) => string | undefined) =>
  (env: Environment): string | undefined =>
    env[name] ? rule(env) : undefined;

/** Settings to spread into a service's config schema. */
export const eventBusSettings = {
  KAFKA_BROKERS: settings.list(
    'Kafka brokers, comma-separated (host:port); without any the embedded log on Postgres is used',
  ),
  KAFKA_SSL: settings.flag('TLS to the brokers', { default: 'off', rule: tlsInProduction }),
  KAFKA_ALLOW_PLAINTEXT: settings.flag(
    'Whether NODE_ENV=production goes without TLS to brokers on other hosts, over a network that is trusted',
    { default: 'off' },
  ),
  KAFKA_SSL_CA_FILE: settings.optionalFile(
    "Certificates (PEM) of the CAs the brokers' certificates may be signed by; those Node trusts when not set",
    { rule: whenSet('KAFKA_SSL_CA_FILE', needsTls()) },
  ),
  KAFKA_SSL_CERT_FILE: settings.optionalFile('Client certificate (PEM) for brokers that want one', {
    rule: whenSet('KAFKA_SSL_CERT_FILE', needsTls('KAFKA_SSL_KEY_FILE')),
  }),
  KAFKA_SSL_KEY_FILE: settings.optionalFile('Private key (PEM) of the client certificate', {
    rule: whenSet('KAFKA_SSL_KEY_FILE', needsTls('KAFKA_SSL_CERT_FILE')),
  }),
  KAFKA_SASL_MECHANISM: settings.oneOf(
    ['none', 'plain', 'scram-sha-256', 'scram-sha-512'],
    'How to sign in at the brokers',
    { default: 'none' },
  ),
  KAFKA_SASL_USERNAME: settings.optionalText('Name to sign in with', { rule: neededToSignIn('KAFKA_SASL_USERNAME') }),
  KAFKA_SASL_PASSWORD: settings.optionalText('Password to sign in with', {
    secret: true,
    rule: neededToSignIn('KAFKA_SASL_PASSWORD'),
  }),
  KAFKA_PARTITIONS: settings.integer('Partitions of topics that are made by Parley, on both engines', 1, 1000, {
    default: '6',
  }),
  KAFKA_REPLICATION: settings.integer('Copies of each partition on Kafka; 0 means min(3, brokers)', 0, 10, {
    default: '0',
  }),
};

/** Where certificates are; what is absent is Node's own, or none. */
export interface TlsFiles {
  ca?: string;
  cert?: string;
  key?: string;
}

/** How to reach the engine, and how it makes topics. */
export interface KafkaOptions {
  /** None: the embedded log. */
  brokers: string[];
  ssl: boolean;
  /** Files that are read again for each connection, so that a renewed certificate needs no restart. */
  tls?: TlsFiles;
  sasl?: { mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; username: string; password: string };
  /** Partitions of topics that do not exist yet, on both engines. */
  partitions: number;
  /** Copies of each partition; 0: min(3, brokers). */
  replication: number;
}

/** Reads the options from a config that has `eventBusSettings` in it. */
export function kafkaOptions(config: ConfigOf<typeof eventBusSettings>): KafkaOptions {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = config;
  return {
    brokers: config.KAFKA_BROKERS,
    ssl: config.KAFKA_SSL,
    tls: { ca: config.KAFKA_SSL_CA_FILE, cert: config.KAFKA_SSL_CERT_FILE, key: config.KAFKA_SSL_KEY_FILE },
    sasl: mechanism === 'none' ? undefined : { mechanism, username: username ?? '', password: password ?? '' },
    partitions: config.KAFKA_PARTITIONS,
    replication: config.KAFKA_REPLICATION,
  };
}
