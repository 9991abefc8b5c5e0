import { createRequire } from 'node:module';
import type { Logger } from '@parley/telemetry';
import type { Kafka, KafkaConfig, logCreator } from 'kafkajs';
import type { KafkaOptions } from '../settings.js';
import { kafkaSockets } from './kafka-socket.js';
import { encodeProduce, type ProduceArguments } from './produce-request.js';

interface RequestQueue {
  throttledUntil: number;
  pending: unknown[];
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
}

const CHECK_PENDING_MS = 10;

interface Exchange {
  request: { encode(): Promise<unknown> };
}

/** A request by version, as kafkajs keeps them. */
interface RequestDefinition {
  versions: string[];
  protocol: (options: { version: number }) => (asked: ProduceArguments & { compression?: number }) => Exchange;
}

/** The first version of Produce with record batches of today. */
const FIRST_WITH_BATCHES = 3;

const require = createRequire(import.meta.url);

type KafkaJs = typeof import('kafkajs');

/** Loaded when brokers are configured: it costs each process 18 MB. */
function loadKafkaJs(): KafkaJs {
  calmRequestQueue();
  encodeByOurselves();
  return require('kafkajs') as KafkaJs;
}

/**
 * kafkajs 2.2.4 looks for waiting requests in a loop of 1 ms as long as a connection lives, with a negative time-out that
 * Node 24 warns about (https://github.com/tulios/kafkajs/issues/1751, issues/1704). This looks only while something waits.
 */
function calmRequestQueue(): void {
  const Queue = require('kafkajs/src/network/requestQueue') as { prototype: RequestQueue };
  Queue.prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    const throttled = this.throttledUntil - Date.now();
    if (this.throttleCheckTimeoutId || (this.pending.length === 0 && throttled <= 0)) return;
    const wait = throttled > 0 ? throttled : CHECK_PENDING_MS;
    this.throttleCheckTimeoutId = setTimeout(() => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    }, wait);
  };
}

/** Produce requests are encoded by `encodeProduce`, byte for byte what kafkajs would send; those that are compressed by kafkajs. */
function encodeByOurselves(): void {
  const { requests } = require('kafkajs/src/protocol/requests') as { requests: { Produce: RequestDefinition } };
  const { versions, protocol } = requests.Produce;
  if (protocol === ours) return;
  theirs = protocol;
  requests.Produce = { versions, protocol: ours };
}

let theirs: RequestDefinition['protocol'];

const ours: RequestDefinition['protocol'] = (options) => {
  const exchange = theirs(options);
  if (options.version < FIRST_WITH_BATCHES) return exchange;
  return (asked) => {
    const made = exchange(asked);
    if (asked.compression) return made;
    const encode = (): Promise<unknown> => {
      const buffer = encodeProduce(asked);
      return Promise.resolve({ buf: buffer, buffer });
    };
    return { ...made, request: { ...made.request, encode } };
  };
};

/**
 * kafkajs says at error level what it then repairs by itself, and its lines may quote keys. What matters comes out of our
 * own calls as errors; the rest is for debugging.
 */
function quietLogs(logger: Logger): logCreator {
  return () =>
    ({ namespace, label, log }) =>
      logger.debug({ kafka: namespace, kafkaLevel: label, error: String(log['error'] ?? '') }, 'Kafka client');
}

/** A kafkajs client for these brokers. Nothing connects before it is used. */
export function kafkaClient(options: KafkaOptions, service: string, logger: Logger): Kafka {
  const kafkajs = loadKafkaJs();
  return new kafkajs.Kafka({
    clientId: `parley-${service}`,
    brokers: options.brokers,
    ssl: options.ssl,
    socketFactory: kafkaSockets(options.tls),
    sasl: options.sasl as KafkaConfig['sasl'],
    logCreator: quietLogs(logger),
    logLevel: kafkajs.logLevel.ERROR,
    connectionTimeout: 3000,
    requestTimeout: 5000,
    retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 6 },
  });
}

/** The protocol's own name of what went wrong (`MESSAGE_TOO_LARGE`), however deep kafkajs wraps it. */
export function kafkaErrorType(thrown: unknown): string | undefined {
  for (let at = thrown as { type?: unknown; cause?: unknown } | undefined, depth = 0; at && depth < 5; depth++) {
    if (typeof at.type === 'string') return at.type;
    at = at.cause as typeof at;
  }
  return undefined;
}
