import type { Server, ServiceDefinition } from '@grpc/grpc-js';
import { loadFileDescriptorSetFromBuffer } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { Transport, type GrpcOptions } from '@nestjs/microservices';
import { descriptorSet } from '@parley/contracts';
import { HealthImplementation } from 'grpc-health-check';
import { admitOnly } from './callers.js';
import type { GrpcTls } from './tls.js';

const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** So often a caller has to show its certificate again at the latest; calls in hand and streams end in their own time. */
const CONNECTION_LIFE_MS = 3_600_000;

/** Who is let in; without `tls` everybody is, in the clear. */
export interface Guard {
  tls?: GrpcTls;
  /** Names in the certificates of those who may call. */
  callers?: readonly string[];
  /** Told of everybody who was refused: the names in the certificate, and the method. */
  onRefused?: (names: string, method: string) => void;
}

/**
 * Options of a Nest gRPC server for generated service definitions, keyed by full name (`parley.intent.v1.IntentService`).
 * The definitions are ts-proto's own, so values arrive as typed. The standard health service and reflection are on. With certificates
 * only the callers on the list get an answer.
 */
export function grpcServerOptions(
  url: string,
  services: Record<string, ServiceDefinition>,
  { tls, callers = [], onRefused }: Guard = {},
): GrpcOptions {
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
      ...(tls && {
        credentials: tls.serverCredentials(admitOnly(callers, onRefused)),
        channelOptions: { 'grpc.max_connection_age_ms': CONNECTION_LIFE_MS },
      }),
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
