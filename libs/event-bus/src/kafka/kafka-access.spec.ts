import { kafkaFailure } from './kafka-access.js';

/** An error as kafkajs wraps it. */
const wrapped = (message: string, code?: string): Error =>
  new Error('KafkaJSNonRetriableError', { cause: Object.assign(new Error(message), { code }) });

describe('why the brokers do not let us in', () => {
  it.each([
    ['SELF_SIGNED_CERT_IN_CHAIN', /KAFKA_SSL_CA_FILE/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /KAFKA_BROKERS must call them/],
    ['CERT_HAS_EXPIRED', /renew it/],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', /KAFKA_SSL_CERT_FILE and KAFKA_SSL_KEY_FILE/],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', /KAFKA_SSL_CERT_FILE and KAFKA_SSL_KEY_FILE/],
  ])('is said with what to do, for %s', (code, advice) => {
    const error = kafkaFailure(wrapped('Connection error', code));
    expect(error).toMatchObject({
      code: 'UNAVAILABLE',
      reason: 'BUS.NO_ACCESS',
      message: expect.stringMatching(advice) as string,
    });
  });

  it('is a guess where a broker may just have stopped, and nothing where it is away', () => {
    expect(kafkaFailure(wrapped('Closed connection'))).toMatchObject({
      reason: 'BUS.UNACKNOWLEDGED',
      message: expect.stringMatching(/If that goes on, they may want TLS/) as string,
    });
    expect(kafkaFailure(wrapped('connect ECONNREFUSED', 'ECONNREFUSED'))).toMatchObject({
      reason: 'BUS.UNACKNOWLEDGED',
      message: 'The event bus did not acknowledge in time.',
    });
  });
});
