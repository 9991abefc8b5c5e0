import { isIP } from 'node:net';
import { Metadata, type ChannelCredentials, type Client, type ClientOptions } from '@grpc/grpc-js';
import { context, propagation } from '@parley/telemetry';
import { fromServiceError } from './status.js';
import { channelCredentials, type GrpcTls } from './tls.js';

type Callback<R> = (error: unknown, response: R) => void;
type CallbackMethod<Q, R> = (
  request: Q,
  metadata: Metadata,
  options: { deadline: number },
  done: Callback<R>,
) => unknown;

/** The unary methods of a generated client, as promises. */
export type Promised<C> = {
  [K in keyof C as C[K] extends CallbackMethod<infer _Q, infer _R> ? K : never]: C[K] extends CallbackMethod<
    infer Q,
    infer R
  >
    ? (request: Q, options?: CallOptions) => Promise<R>
    : never;
} & {
  /** The generated client itself, for streams. */
  readonly raw: C;
  close(): void;
};

/** What one call may say differently. */
export interface CallOptions {
  /** Milliseconds after which the call fails with DEADLINE_EXCEEDED. */
  deadlineMs?: number;
  /** W3C trace context the call is a child of, when it is not the active one. */
  traceparent?: string;
}

/** What all calls of a client have in common. */
export interface ClientSettings {
  deadlineMs?: number;
  /** Certificates to show and to believe; without them calls are in the clear. */
  tls?: GrpcTls;
  /** Name the server's certificate must have, wherever it is reached; default: the host of the address. */
  server?: string;
}

type ClientConstructor<C> = new (
  address: string,
  credentials: ChannelCredentials,
  options?: Partial<ClientOptions>,
) => C;

const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** Calls take turns among all addresses that a name has, and a name is asked again as soon as one of them is gone (ADR 27). */
const REPLICAS = {
  'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
  // Nobody keeps settings of ours in DNS.
  'grpc.service_config_disable_resolution': 1,
  'grpc.dns_min_time_between_resolutions_ms': 1000,
};

/**
 * An address has nobody to take turns with. There a call connects anew, and waits for that, where taking turns would fail until the
 * next attempt of its own.
 */
function balancing(address: string): Partial<ClientOptions> {
  const host = address.slice(0, address.lastIndexOf(':')).replace(/^\[|\]$/g, '');
  return isIP(host) === 0 ? REPLICAS : {};
}

function metadataFor(traceparent: string | undefined): Metadata {
  const metadata = new Metadata();
  if (traceparent === undefined) return metadata;
  metadata.set('traceparent', traceparent);
  return metadata;
}

/**
 * A generated client whose unary calls are promises with a deadline (2 s unless told). Failures are AppErrors with the
 * server's code and reason; a failure of the transport has reason `GRPC.<CODE>`.
 */
export function grpcClient<C extends Client>(
  Generated: ClientConstructor<C>,
  address: string,
  options: ClientSettings = {},
): Promised<C> {
  const { tls, server } = options;
  const client = new Generated(address, channelCredentials(tls), {
    ...(tls && server && { 'grpc.ssl_target_name_override': server }),
    ...balancing(address),
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
    // A restarted service is found again within a second, not after the default backoff of up to two minutes.
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 1000,
  });
  const call =
    (name: string) =>
    (request: unknown, overrides: CallOptions = {}) => {
      const deadlineMs = overrides.deadlineMs ?? options.deadlineMs ?? 2000;
      const method = (client as unknown as Record<string, CallbackMethod<unknown, unknown>>)[name];
      if (!method) throw new TypeError(`${Generated.name} has no method ${name}`);
      const { traceparent } = overrides;
      const active = context.active();
      const run = traceparent === undefined ? active : propagation.extract(active, { traceparent });
      return new Promise((resolve, reject) => {
        context.with(run, () =>
          method.call(
            client,
            request,
            metadataFor(traceparent),
            { deadline: Date.now() + deadlineMs },
            (error, response) => (error ? reject(fromServiceError(error, name)) : resolve(response)),
          ),
        );
      });
    };
  return new Proxy({} as Promised<C>, {
    get(_target, property) {
      if (property === 'raw') return client;
      if (property === 'close') return () => client.close();
      // A client is often returned from async code, which asks every object whether it is a promise.
      return typeof property === 'string' && property !== 'then' ? call(property) : undefined;
    },
  });
}
