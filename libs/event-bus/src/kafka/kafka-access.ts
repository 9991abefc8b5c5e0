import { AppError } from '@parley/errors';
import { noAccess, unacknowledged } from '../errors.js';
import { BAD_TLS_FILES, WANTS_TLS } from './kafka-socket.js';

/** What a connection fails with, and what whoever runs Parley can do about it. The first that fits. */
const PROBLEMS: readonly [what: RegExp, advice: string][] = [
  [
    new RegExp(WANTS_TLS),
    'The brokers want TLS: set KAFKA_SSL=on (and KAFKA_SSL_CA_FILE, where their CA is one of your own).',
  ],
  [
    new RegExp(BAD_TLS_FILES),
    'A file with certificates for the brokers cannot be used: KAFKA_SSL_CA_FILE, KAFKA_SSL_CERT_FILE and KAFKA_SSL_KEY_FILE must be readable PEM files, and the key that of the certificate.',
  ],
  [
    /SASL_AUTHENTICATION_FAILED|SASLAuthenticationError/,
    'The brokers refuse the sign-in: check KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD.',
  ],
  [
    /UNSUPPORTED_SASL_MECHANISM|does not support/,
    'The brokers do not offer this way to sign in: set KAFKA_SASL_MECHANISM to one that they do.',
  ],
  [/ALTNAME/, "The brokers' certificate is for another name: KAFKA_BROKERS must call them as their certificate does."],
  [/CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/, "The brokers' certificate has expired, or does not hold yet: renew it."],
  [
    /SELF_SIGNED|UNABLE_TO|CERT_UNTRUSTED|CERT_SIGNATURE|INVALID_CA/,
    "The brokers' certificate is not signed by a CA that is trusted here: set KAFKA_SSL_CA_FILE to the certificate of their CA.",
  ],
  [
    /ALERT_(CERTIFICATE|BAD_CERTIFICATE|UNKNOWN_CA|HANDSHAKE|UNSUPPORTED_CERTIFICATE)|alert (bad certificate|certificate|unknown ca)/,
    'The brokers refuse the client certificate, or want one: check KAFKA_SSL_CERT_FILE and KAFKA_SSL_KEY_FILE.',
  ],
];

/** What may be the reason, and may be a broker that was just stopped. */
const GUESSES: typeof PROBLEMS = [
  [
    /before secure TLS connection|wrong version number|WRONG_VERSION|packet length too long/i,
    'The connection ended before TLS began. If that goes on, the brokers do not speak TLS at this address: use their TLS port in KAFKA_BROKERS, or set KAFKA_SSL=off.',
  ],
  [
    /Connection closed by the server|Closed connection/,
    'The brokers closed the connection. If that goes on, they may want TLS (KAFKA_SSL=on) or a sign-in (KAFKA_SASL_MECHANISM).',
  ],
];

interface Thrown {
  name?: unknown;
  type?: unknown;
  code?: unknown;
  message?: unknown;
  cause?: unknown;
}

/** Everything an error and what is behind it are called. */
function wordsOf(thrown: unknown): string {
  const words: unknown[] = [];
  for (
    let at = thrown as Thrown | undefined, depth = 0;
    at && depth < 5;
    at = at.cause as Thrown | undefined, depth++
  ) {
    words.push(at.name, at.type, at.code, at.message);
  }
  return words.filter((word) => typeof word === 'string').join('\n');
}

const adviceOn = (words: string, table: typeof PROBLEMS): string | undefined =>
  table.find(([what]) => what.test(words))?.[1];

/**
 * What a call to the brokers failed for, as the bus says it: `BUS.NO_ACCESS` with the settings to look at where these are it,
 * else `BUS.UNACKNOWLEDGED`, which is the truth about every failure.
 */
export function kafkaFailure(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const words = wordsOf(thrown);
  const advice = adviceOn(words, PROBLEMS);
  return advice === undefined ? unacknowledged(thrown, adviceOn(words, GUESSES)) : noAccess(advice, thrown);
}
