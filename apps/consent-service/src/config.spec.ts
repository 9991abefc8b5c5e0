import { loadConfig } from '@parley/config';
import { configSchema } from './config.js';

const GOOD = {
  DATABASE_URL: 'postgres://somebody@127.0.0.1/parley',
  PARLEY_MASTER_KEY_FILE: '/run/secrets/master-key',
};

describe('configuration of the consent service', () => {
  it('needs a database and a master key, each in one of two ways', () => {
    expect(loadConfig(configSchema, GOOD)).toMatchObject({
      GRPC_PORT_BASE: 50050,
      LISTEN_HOST: '127.0.0.1',
      KAFKA_BROKERS: [],
    });
    const own = { CONSENT_DATABASE_URL: GOOD.DATABASE_URL, PARLEY_MASTER_KEY: 'k'.repeat(43) };
    expect(loadConfig(configSchema, own)).toMatchObject({ CONSENT_DATABASE_URL: GOOD.DATABASE_URL });
  });

  it('names everything that is wrong at once, and no value', () => {
    const load = (): unknown => loadConfig(configSchema, { GRPC_PORT_BASE: 'hunter2' });
    expect(load).toThrow(/GRPC_PORT_BASE.*\n.*CONSENT_DATABASE_URL.*\n.*PARLEY_MASTER_KEY/s);
    expect(load).not.toThrow(/hunter/);
  });
});
