import { fileURLToPath } from 'node:url';
import { loadConfig } from '@parley/config';
import { eventBusSettings, kafkaOptions } from './settings.js';

const load = (env: Record<string, string>) => kafkaOptions(loadConfig(eventBusSettings, env));

describe('the settings of the event bus', () => {
  it.each(['plain', 'scram-sha-256', 'scram-sha-512'])('want a name and a password to sign in with %s', (mechanism) => {
    const KAFKA_SASL_MECHANISM = mechanism;
    expect(() => load({ KAFKA_SASL_MECHANISM })).toThrow(
      /KAFKA_SASL_USERNAME: must be set.*\n.*KAFKA_SASL_PASSWORD: must be set/,
    );
    expect(() => load({ KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME: 'u' })).toThrow(/1 setting is wrong/);
    const given = { KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: 'p' };
    expect(load(given).sasl).toEqual({ mechanism, username: 'u', password: 'p' });
  });

  it('want certificates that can be read, with their key, and TLS to use them', () => {
    const [self, KAFKA_SSL] = [fileURLToPath(import.meta.url), 'on'];
    const certificate = { KAFKA_SSL_CA_FILE: self, KAFKA_SSL_CERT_FILE: self, KAFKA_SSL_KEY_FILE: self };
    expect(load({ KAFKA_SSL, ...certificate }).tls).toEqual({ ca: self, cert: self, key: self });
    expect(() => load(certificate)).toThrow(/3 settings are wrong(.|\n)*KAFKA_SSL_CA_FILE: is for KAFKA_SSL=on only/);
    expect(() => load({ KAFKA_SSL, KAFKA_SSL_CERT_FILE: self })).toThrow(/must come with KAFKA_SSL_KEY_FILE/);
    expect(() => load({ KAFKA_SSL, KAFKA_SSL_KEY_FILE: self })).toThrow(/must come with KAFKA_SSL_CERT_FILE/);
    const wrong = { KAFKA_SSL, KAFKA_SSL_CA_FILE: '/nowhere/hunter2.pem' };
    expect(() => load(wrong)).toThrow(/KAFKA_SSL_CA_FILE: must be a file that this process can read/);
    expect(() => load(wrong)).not.toThrow(/hunter2/);
  });

  it('want TLS to other hosts in production, or to be told that the network is trusted', () => {
    const production = { NODE_ENV: 'production', KAFKA_BROKERS: '127.0.0.1:9092,kafka.example.com:9092' };
    expect(() => load(production)).toThrow(
      /1 setting is wrong:\n.*KAFKA_SSL: must be on when NODE_ENV=production.*KAFKA_ALLOW_PLAINTEXT=on/,
    );
    expect(() => load(production)).not.toThrow(/example/);
    expect(() => load({ ...production, KAFKA_SSL: 'off', KAFKA_ALLOW_PLAINTEXT: '' })).toThrow(/KAFKA_SSL: must be on/);
    const fine: Record<string, string>[] = [
      { KAFKA_SSL: 'on' },
      { KAFKA_ALLOW_PLAINTEXT: 'on' },
      { KAFKA_BROKERS: 'localhost:9092, [::1]:9092' },
      { KAFKA_BROKERS: '' },
      { NODE_ENV: '' },
    ];
    for (const one of fine) expect(() => load({ ...production, ...one })).not.toThrow();
  });

  it('want neither without a sign-in', () => {
    expect(load({}).sasl).toBeUndefined();
    expect(load({ KAFKA_SASL_MECHANISM: '' }).sasl).toBeUndefined();
  });
});
