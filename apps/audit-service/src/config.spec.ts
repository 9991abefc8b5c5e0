import { loadConfig } from '@parley/config';
import { configSchema } from './config.js';

const GOOD = {
  DATABASE_URL: 'postgres://somebody@127.0.0.1/parley',
  PARLEY_MASTER_KEY_FILE: '/run/secrets/master-key',
};

describe('configuration of the audit service', () => {
  it('needs a database and a master key, each in one of two ways', () => {
    expect(loadConfig(configSchema, GOOD)).toMatchObject({
      GRPC_PORT_BASE: 50050,
      LISTEN_HOST: '127.0.0.1',
      KAFKA_BROKERS: [],
    });
    const own = { AUDIT_DATABASE_URL: GOOD.DATABASE_URL, PARLEY_MASTER_KEY: 'k'.repeat(43) };
    expect(loadConfig(configSchema, own)).toMatchObject({ AUDIT_DATABASE_URL: GOOD.DATABASE_URL });
  });

  it('wants a key of its own to sign with in production, and says so beside everything else', () => {
    const load = (env: Record<string, string>): unknown =>
      loadConfig(configSchema, { ...GOOD, NODE_ENV: 'production', ...env });
    expect(() => load({ GRPC_PORT_BASE: 'x' })).toThrow(/2 settings.*\n.*GRPC_PORT_BASE.*\n.*AUDIT_SIGNING_KEY: must/);
    expect(() => load({ AUDIT_SIGNING_KEY_FILE: '/run/secrets/signing-key' })).not.toThrow();
  });

  it('names everything that is wrong at once, and no value', () => {
    const load = (): unknown => loadConfig(configSchema, { GRPC_PORT_BASE: 'hunter2' });
    expect(load).toThrow(/GRPC_PORT_BASE.*\n.*AUDIT_DATABASE_URL.*\n.*PARLEY_MASTER_KEY/s);
    expect(load).not.toThrow(/hunter/);
  });
});
