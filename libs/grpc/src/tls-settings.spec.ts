import { fileURLToPath } from 'node:url';
import { loadConfig } from '@parley/config';
import { grpcCallers, grpcTls, grpcTlsSettings } from './index.js';

const FILE = fileURLToPath(import.meta.url);
const ALL = { GRPC_TLS_CA_FILE: FILE, GRPC_TLS_CERT_FILE: FILE, GRPC_TLS_KEY_FILE: FILE };
const load = (env: Record<string, string>) => loadConfig(grpcTlsSettings, env);

describe('the settings of certificates between services', () => {
  it('are all given, or none', () => {
    expect(grpcTls(load({}))).toBeUndefined();
    expect(() => load({ ...ALL, GRPC_TLS_KEY_FILE: '' })).toThrow(
      /1 setting is wrong:\n.*GRPC_TLS_KEY_FILE: must be set together with GRPC_TLS_CA_FILE, GRPC_TLS_CERT_FILE/,
    );
    expect(() => load({ GRPC_TLS_KEY_FILE: FILE })).toThrow(/2 settings are wrong/);
    expect(() => load({ ...ALL, GRPC_TLS_CA_FILE: '/nowhere/hunter' })).toThrow(/GRPC_TLS_CA_FILE: must be a file/);
    expect(() => load({ ...ALL, GRPC_TLS_CA_FILE: '/nowhere/hunter' })).not.toThrow(/hunter/);
  });

  it('name files that hold certificates', () => {
    expect(() => grpcTls(load(ALL))).toThrow(/GRPC_TLS_CA_FILE, GRPC_TLS_CERT_FILE and GRPC_TLS_KEY_FILE must be PEM/);
  });

  it('are wanted in production where gRPC leaves this machine, or the word that the network is trusted', () => {
    const NODE_ENV = 'production';
    const networks: Record<string, string>[] = [{ LISTEN_HOST: '0.0.0.0' }, { CRM_GRPC_URL: 'crm.example.com:50053' }];
    for (const network of networks) {
      const wrong = (): unknown => load({ NODE_ENV, ...network });
      expect(wrong).toThrow(/1 setting is wrong:\n.*GRPC_TLS_CERT_FILE: must be set.*GRPC_ALLOW_PLAINTEXT=on/);
      expect(wrong).not.toThrow(/example/);
      expect(() => load({ NODE_ENV, ...network, GRPC_ALLOW_PLAINTEXT: 'on' })).not.toThrow();
      expect(() => load({ NODE_ENV, ...network, ...ALL })).not.toThrow();
      expect(() => load(network)).not.toThrow();
    }
    expect(() => load({ NODE_ENV, LISTEN_HOST: '127.0.0.1', CRM_GRPC_URL: 'localhost:1' })).not.toThrow();
  });

  it('list the callers, by default those that a service knows', () => {
    const callers = (env: Record<string, string>): string[] =>
      loadConfig(grpcCallers(['desk', 'audit-service']), env).GRPC_TLS_CALLERS;
    expect(callers({})).toEqual(['desk', 'audit-service']);
    expect(callers({ GRPC_TLS_CALLERS: 'my-desk, other' })).toEqual(['my-desk', 'other']);
  });
});
