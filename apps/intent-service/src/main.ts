import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { intent } from '@parley/contracts';
import { AppErrorFilter, grpcServerOptions } from '@parley/grpc';
import { closeOnSignal, createLogger, OpsServer } from '@parley/telemetry';
import { AppModule } from './app.module.js';
import { readConfig } from './config.js';

const config = readConfig();
const log = createLogger('intent-service');
const services = { 'parley.intent.v1.IntentService': intent.IntentServiceService };
const app = await NestFactory.createMicroservice<MicroserviceOptions>(AppModule.create(), {
  logger: false,
  ...grpcServerOptions(config.grpcUrl, services),
});
app.useGlobalFilters(new AppErrorFilter(log));
await app.listen();
const ops = new OpsServer(config.opsPort, config.LISTEN_HOST);
await ops.listen();
closeOnSignal(async () => {
  await app.close();
  await ops.close();
});
log.info({ grpc: config.grpcUrl }, 'Ready');
