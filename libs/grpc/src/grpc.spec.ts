import 'reflect-metadata';
import { Client, credentials, status } from '@grpc/grpc-js';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GrpcMethod, type MicroserviceOptions } from '@nestjs/microservices';
import { intent } from '@parley/contracts';
import { notFound } from '@parley/errors';
import { createLogger } from '@parley/telemetry';
import { freePort } from '@parley/testing';
import { AppErrorFilter, grpcClient, grpcServerOptions, type Promised } from './index.js';

@Controller()
class IntentGrpc {
  @GrpcMethod('IntentService', 'parse')
  async parse(request: intent.ParseRequest): Promise<intent.ParseResponse> {
    if (request.text === 'hang') return new Promise(() => undefined);
    if (request.text === 'boom') throw new TypeError('not mapped');
    if (request.text === 'none') throw notFound('ORDER.NOT_FOUND', 'There is no such order.', { number: '12 34/é' });
    return Promise.resolve({
      intent: 'x',
      confidence: 1,
      alternatives: [],
      entities: [],
      language: request.languageHint ?? '',
      languageCertain: true,
    });
  }
}

@Module({ controllers: [IntentGrpc] })
class TestModule {}

describe('a gRPC service', () => {
  let address: string;
  let close: () => Promise<void>;
  let client: Promised<intent.IntentServiceClient>;
  const lines: string[] = [];

  beforeAll(async () => {
    address = `127.0.0.1:${await freePort()}`;
    const options = grpcServerOptions(address, { 'parley.intent.v1.IntentService': intent.IntentServiceService });
    const app = await NestFactory.createMicroservice<MicroserviceOptions>(TestModule, { logger: false, ...options });
    const destination = { write: (line: string) => void lines.push(line) };
    app.useGlobalFilters(new AppErrorFilter(createLogger('test', { level: 'info', destination })));
    await app.listen();
    client = grpcClient(intent.IntentServiceClient, address, { deadlineMs: 2000 });
    close = () => app.close();
  });
  afterAll(async () => {
    client.close();
    await close();
  });

  it('answers with values as typed', async () => {
    await expect(client.parse({ text: 'hello', languageHint: 'de' })).resolves.toMatchObject({
      intent: 'x',
      language: 'de',
    });
  });

  it('carries code, reason and details of an error', async () => {
    await expect(client.parse({ text: 'none' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      reason: 'ORDER.NOT_FOUND',
      details: { number: '12 34/é' },
      retryable: false,
    });
  });

  it('hides what nobody mapped', async () => {
    await expect(client.parse({ text: 'boom' })).rejects.toMatchObject({ code: 'INTERNAL', reason: 'UNMAPPED' });
    await expect(client.parse({ text: 'boom' })).rejects.not.toThrow(/not mapped/);
  });

  it('logs what nobody mapped, with its stack, and nothing of what was mapped', async () => {
    lines.length = 0;
    await expect(client.parse({ text: 'none' })).rejects.toThrow();
    expect(lines).toEqual([]);
    await expect(client.parse({ text: 'boom' })).rejects.toThrow();
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({
        level: 'error',
        msg: 'A call failed with an error nobody mapped',
        err: expect.objectContaining({ stack: expect.stringContaining('IntentGrpc.parse') as unknown }) as unknown,
      }),
    ]);
  });

  it('gives up at the deadline with a retryable error', async () => {
    await expect(client.parse({ text: 'hang' }, { deadlineMs: 50 })).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
      retryable: true,
    });
  });

  it('says UNIMPLEMENTED for what it does not serve', async () => {
    await expect(client.parseBatch({ requests: [] })).rejects.toMatchObject({ code: 'UNIMPLEMENTED' });
  });

  it('answers the standard health check', async () => {
    const raw = new Client(address, credentials.createInsecure());
    const reply = await new Promise<Buffer | undefined>((resolve, reject) =>
      raw.makeUnaryRequest(
        '/grpc.health.v1.Health/Check',
        (value: Buffer) => value,
        (value: Buffer) => value,
        Buffer.alloc(0),
        (error, value) => (error ? reject(error) : resolve(value)),
      ),
    );
    raw.close();
    expect(reply).toEqual(Buffer.from([8, 1]));
    expect(status.OK).toBe(0);
  });

  it('is away as a retryable UNAVAILABLE when nobody listens', async () => {
    const nobody = grpcClient(intent.IntentServiceClient, `127.0.0.1:${await freePort()}`);
    await expect(nobody.parse({ text: 'x' })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      reason: 'GRPC.UNAVAILABLE',
      retryable: true,
    });
    nobody.close();
  });
});
