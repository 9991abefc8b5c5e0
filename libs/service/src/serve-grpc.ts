import type { ServiceDefinition } from '@grpc/grpc-js';
import type { DynamicModule, INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppErrorFilter, grpcServerOptions } from '@parley/grpc';
import type { Lifecycle } from './lifecycle.js';

/** Serves a module's gRPC controllers; listening when this resolves. @throws when the port is taken */
export async function serveGrpc(
  life: Lifecycle,
  module: DynamicModule,
  services: Record<string, ServiceDefinition>,
): Promise<INestMicroservice> {
  const options = {
    ...grpcServerOptions(life.grpcUrl, services, life.guard),
    logger: false,
    abortOnError: false,
  } as const;
  const app = await NestFactory.createMicroservice(module, options);
  app.useGlobalFilters(new AppErrorFilter(life.log));
  await app.listen();
  life.onClose(() => app.close());
  return app;
}
