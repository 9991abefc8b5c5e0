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

  it('want neither without a sign-in', () => {
    expect(load({}).sasl).toBeUndefined();
    expect(load({ KAFKA_SASL_MECHANISM: '' }).sasl).toBeUndefined();
  });
});
