import 'reflect-metadata';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, credentials, type ChannelCredentials } from '@grpc/grpc-js';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GrpcMethod, type MicroserviceOptions } from '@nestjs/microservices';
import { intent } from '@parley/contracts';
import type { AppError } from '@parley/errors';
import { exposition } from '@parley/telemetry';
import { eventually, freePort, TestAuthority } from '@parley/testing';
import { grpcClient, grpcServerOptions, GrpcTls, type ClientSettings, type Promised } from '../src/index.js';

@Controller()
class IntentGrpc {
  @GrpcMethod('IntentService', 'parse')
  parse({ text }: intent.ParseRequest): intent.ParseResponse {
    return { intent: text, confidence: 1, alternatives: [], entities: [], language: '', languageCertain: false };
  }
}

@Module({ controllers: [IntentGrpc] })
class TestModule {}

const CALLER = 'conversation-service';
const SERVER = 'intent-service';

let folder: string;
const path = (name: string): string => join(folder, name);
const pathsOf = (name: string) => ({ ca: path(`${name}.ca`), cert: path(`${name}.crt`), key: path(`${name}.key`) });

/** Replaces the files of a process, each at once, as whoever renews certificates does. */
async function give(
  name: string,
  authority: TestAuthority,
  commonName: string,
  trusted = authority.cert,
): Promise<void> {
  const { cert, key } = authority.issue({ commonName });
  const files = pathsOf(name);
  for (const [file, text] of [
    [files.ca, trusted],
    [files.key, key],
    [files.cert, cert],
  ] as const) {
    await writeFile(`${file}.new`, text);
    await rename(`${file}.new`, file);
  }
}

describe('gRPC with certificates on both sides', () => {
  const authority = new TestAuthority();
  const stranger = new TestAuthority();
  const refused: string[] = [];
  const problems: AppError[] = [];
  const clients: Promised<intent.IntentServiceClient>[] = [];
  let address: string;
  let close: () => Promise<void>;

  const client = (settings: ClientSettings): Promised<intent.IntentServiceClient> => {
    const made = grpcClient(intent.IntentServiceClient, address, { deadlineMs: 10_000, ...settings });
    clients.push(made);
    return made;
  };
  const as = (name: string, server = SERVER): Promised<intent.IntentServiceClient> =>
    client({ tls: new GrpcTls(pathsOf(name), { refreshMs: 20 }), server });
  const asks = async (one: Promised<intent.IntentServiceClient>): Promise<string> =>
    (await one.parse({ text: 'x' })).intent;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-grpc-tls-'));
    await give('server', authority, SERVER);
    await give('caller', authority, CALLER);
    await give('other', authority, 'desk');
    await give('stranger', stranger, CALLER, authority.cert);
    address = `127.0.0.1:${await freePort()}`;
    const tls = new GrpcTls(pathsOf('server'), { refreshMs: 20, onProblem: (problem) => problems.push(problem) });
    const services = { 'parley.intent.v1.IntentService': intent.IntentServiceService };
    const options = grpcServerOptions(address, services, {
      tls,
      callers: [CALLER, 'audit-service'],
      onRefused: (names, method) => refused.push(`${names} ${method}`),
    });
    const app = await NestFactory.createMicroservice<MicroserviceOptions>(TestModule, { logger: false, ...options });
    await app.listen();
    close = () => app.close();
  });
  afterEach(() => {
    for (const one of clients.splice(0)) one.close();
  });
  afterAll(async () => {
    await close();
    await rm(folder, { recursive: true, force: true });
  });

  it('answers a caller on the list', async () => {
    await expect(asks(as('caller'))).resolves.toBe('x');
  });

  it('refuses a caller that is not on it, and says who it was', async () => {
    await expect(asks(as('other'))).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
      reason: 'GRPC.CALLER_REFUSED',
      retryable: false,
    });
    expect(refused).toEqual(['DNS:desk /parley.intent.v1.IntentService/Parse']);
  });

  it('refuses a name that only looks like one on the list', async () => {
    for (const name of [`${CALLER}.example.com`, `x, DNS:${CALLER}, y`, `*`, `${CALLER}x`]) {
      await give('forger', authority, name);
      await expect(asks(as('forger'))).rejects.toMatchObject({ reason: 'GRPC.CALLER_REFUSED' });
    }
  });

  it.each<[string, () => ChannelCredentials]>([
    ['no certificate', () => credentials.createSsl(Buffer.from(authority.cert))],
    ['no TLS', () => credentials.createInsecure()],
  ])('gives no connection to a caller with %s', async (_what, made) => {
    const raw = new Client(address, made(), { 'grpc.ssl_target_name_override': SERVER });
    const call = new Promise((resolve, reject) => {
      const bytes = (value: Buffer): Buffer => value;
      const options = { deadline: Date.now() + 10_000 };
      raw.makeUnaryRequest('/grpc.health.v1.Health/Check', bytes, bytes, Buffer.alloc(0), options, (error, value) =>
        error ? reject(error) : resolve(value),
      );
    });
    await expect(call).rejects.toMatchObject({ code: 14 });
    raw.close();
  });

  it('gives no connection to a caller whose certificate is of another CA', async () => {
    await expect(asks(as('stranger'))).rejects.toMatchObject({ code: 'UNAVAILABLE', reason: 'GRPC.UNAVAILABLE' });
  });

  it('believes no server that is called otherwise than the one that is asked', async () => {
    await expect(asks(as('caller', 'consent-service'))).rejects.toMatchObject({ reason: 'GRPC.UNAVAILABLE' });
  });

  it('tells its health to everybody who has a certificate', async () => {
    const raw = as('other').raw;
    const bytes = (value: Buffer): Buffer => value;
    const reply = await new Promise((resolve, reject) => {
      raw.makeUnaryRequest('/grpc.health.v1.Health/Check', bytes, bytes, Buffer.alloc(0), (error, value) =>
        error ? reject(error) : resolve(value),
      );
    });
    expect(reply).toEqual(Buffer.from([8, 1]));
  });

  it('goes over to a new CA without a restart, of one side after the other', async () => {
    const next = new TestAuthority();
    const both = authority.cert + next.cert;
    const caller = as('caller');
    await expect(asks(caller)).resolves.toBe('x');
    // Both believe both, then each gets a certificate of the new one, then nobody believes the old one.
    await give('server', authority, SERVER, both);
    await give('caller', authority, CALLER, both);
    await give('server', next, SERVER, both);
    await give('new', next, CALLER, next.cert);
    await eventually(async () => expect(await asks(as('new'))).toBe('x'));
    await expect(asks(as('caller'))).resolves.toBe('x');
    await expect(asks(as('other'))).rejects.toMatchObject({ reason: 'GRPC.UNAVAILABLE' });
    await give('server', next, SERVER, next.cert);
    await eventually(async () => expect(asks(as('caller'))).rejects.toMatchObject({ reason: 'GRPC.UNAVAILABLE' }));
    await expect(asks(as('new'))).resolves.toBe('x');
    // A connection that was there is not cut, and a client that was there follows its files.
    await expect(asks(caller)).resolves.toBe('x');
    await give('server', authority, SERVER);
    await eventually(async () =>
      expect(await asks(as('other', SERVER)).catch((error: AppError) => error.reason)).toBe('GRPC.CALLER_REFUSED'),
    );
  });

  it('stays with what it has when renewed files cannot be used, and says so once', async () => {
    problems.length = 0;
    await writeFile(pathsOf('server').key, 'not a key');
    await eventually(() => expect(problems).toHaveLength(1));
    expect(problems[0]).toMatchObject({ reason: 'GRPC.BAD_CERTIFICATES' });
    await expect(asks(as('caller'))).resolves.toBe('x');
    await give('server', authority, SERVER);
  });

  it('shows when the certificate expires, also of a renewed one', async () => {
    const until = new Date(Date.UTC(2040, 0, 1));
    const { cert, key } = authority.issue({ commonName: SERVER, until });
    const files = pathsOf('server');
    await writeFile(files.key, key);
    await writeFile(files.cert, cert);
    const shown = `parley_grpc_certificate_expires_seconds ${until.getTime() / 1000}`;
    await eventually(async () => expect((await exposition()).body).toContain(shown));
  });

  it('does not begin with files that cannot be used', async () => {
    const { ca, cert } = pathsOf('server');
    const bad = { code: 'FAILED_PRECONDITION', reason: 'GRPC.BAD_CERTIFICATES' };
    const making = (paths: { ca: string; cert: string; key: string }) => () => new GrpcTls(paths);
    for (const paths of [
      { ca, cert, key: pathsOf('caller').key },
      { ca, cert, key: path('nowhere') },
      { ...pathsOf('caller'), ca: pathsOf('caller').key },
    ])
      expect(making(paths)).toThrow(expect.objectContaining(bad) as Error);
  });
});
