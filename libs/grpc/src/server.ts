import type { Server, ServiceDefinition } from '@grpc/grpc-js';
import { loadFileDescriptorSetFromBuffer } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { Transport, type GrpcOptions } from '@nestjs/microservices';
import { descriptorSet } from '@parley/contracts';
import { HealthImplementation } from 'grpc-health-check';

const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/**
 * Options of a Nest gRPC server for generated service definitions, keyed by full name (`parley.intent.v1.IntentService`).
 * The definitions are ts-proto's own, so values arrive as typed. The standard health service and reflection are on.
 */
export function grpcServerOptions(url: string, services: Record<string, ServiceDefinition>): GrpcOptions {
  const names = Object.keys(services);
  const packages = new Set(names.map((name) => name.slice(0, name.lastIndexOf('.'))));
  return {
    transport: Transport.GRPC,
    options: {
      url,
      package: [...packages],
      packageDefinition: services,
      maxReceiveMessageLength: MAX_MESSAGE_BYTES,
      maxSendMessageLength: MAX_MESSAGE_BYTES,
      onLoadPackageDefinition: (_definition: unknown, server: Server) => addStandardServices(server, names),
    },
  };
}

function addStandardServices(server: Server, names: string[]): void {
  const serving = Object.fromEntries(['', ...names].map((name) => [name, 'SERVING' as const]));
  new HealthImplementation(serving).addToServer(server);
  const all = loadFileDescriptorSetFromBuffer(descriptorSet());
  new ReflectionService(all, { services: names }).addToServer(server);
}
