import { promises as dns } from 'node:dns';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { intent } from '@parley/contracts';
import { eventually, freePort } from '@parley/testing';
import { grpcClient } from './index.js';

const NAME = 'replicas.test';
const answer = { confidence: 1, alternatives: [], entities: [], language: '', languageCertain: true };

/** A replica that answers with its own address as the intent. */
async function replica(host: string, port: number): Promise<() => void> {
  const server = new Server();
  const parse = (_: unknown, done: (error: null, response: intent.ParseResponse) => void): void =>
    done(null, { ...answer, intent: host });
  server.addService(intent.IntentServiceService, { parse, parseBatch: parse });
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error) =>
      error ? reject(error) : resolve(),
    );
  });
  return () => server.forceShutdown();
}

describe('a client of a service with replicas', () => {
  let addresses: string[] = [];
  const stops = new Map<string, () => void>();
  const lookup = dns.lookup;

  beforeAll(() => {
    const asked = async (host: string, options: object): Promise<unknown> =>
      host === NAME ? addresses.map((address) => ({ address, family: 4 })) : lookup(host, options);
    Object.assign(dns, { lookup: asked });
  });
  afterAll(() => {
    Object.assign(dns, { lookup });
    for (const stop of stops.values()) stop();
  });

  it('takes turns among them, and finds those that came in the place of others', async () => {
    const port = await freePort();
    const start = async (host: string): Promise<void> => void stops.set(host, await replica(host, port));
    await Promise.all(['127.0.0.2', '127.0.0.3'].map(start));
    addresses = ['127.0.0.2', '127.0.0.3'];
    const client = grpcClient(intent.IntentServiceClient, `${NAME}:${port}`);
    const answering = async (): Promise<string[]> => {
      const seen = new Set<string>();
      for (let call = 0; call < 8; call++) seen.add((await client.parse({ text: 'hello' })).intent);
      return [...seen].sort();
    };
    try {
      await eventually(async () => expect(await answering()).toEqual(['127.0.0.2', '127.0.0.3']));
      await start('127.0.0.4');
      addresses = ['127.0.0.4'];
      for (const host of ['127.0.0.2', '127.0.0.3']) stops.get(host)?.();
      await eventually(async () => expect(await answering()).toEqual(['127.0.0.4']));
    } finally {
      client.close();
    }
  });
});
