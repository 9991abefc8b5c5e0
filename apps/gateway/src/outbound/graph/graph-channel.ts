import { Pool } from 'undici';
import { asArray, asObject, asText, type JsonObject } from '../../domain/json-values.js';
import type { GraphPayload } from '../../domain/graph-payload.js';
import { MessageChannel, type PostResult } from '../../ports/message-channel.port.js';
import { failureCode, wasNotSent } from './errors.js';

/** Where and how to post. */
export interface GraphOptions {
  /** `https://graph.facebook.com`, or a stand-in. */
  url: string;
  version: string;
  accessToken: string;
  /** How long to wait for an answer; after that the send is in doubt. */
  timeoutMs?: number;
}

/** Enough for 1,000 messages a second at 100 ms each, and not so many that a slow Graph API fills the machine. */
const CONNECTIONS = 128;
/** An answer is some hundred bytes; more is not the Graph API. */
const MAX_ANSWER_BYTES = 256 * 1024;

/** Meta's Cloud API over one keep-alive pool. */
export class GraphChannel extends MessageChannel {
  readonly #pool: Pool;
  readonly #path: string;

  constructor(private readonly options: GraphOptions) {
    super();
    const { origin, pathname } = new URL(options.url);
    const timeout = options.timeoutMs ?? 10_000;
    this.#path = `${pathname.replace(/\/$/, '')}/${options.version}`;
    this.#pool = new Pool(origin, {
      connections: CONNECTIONS,
      headersTimeout: timeout,
      bodyTimeout: timeout,
      connect: { timeout: 5000 },
      // Shorter than any server's: a request on a connection that the server is closing would be in doubt.
      keepAliveTimeout: 4000,
      maxResponseSize: MAX_ANSWER_BYTES,
    });
  }

  async post(phoneNumberId: string, payload: GraphPayload): Promise<PostResult> {
    const started = performance.now();
    const lasted = (): number => Math.round(performance.now() - started);
    try {
      const { statusCode, body } = await this.#pool.request({
        method: 'POST',
        path: `${this.#path}/${encodeURIComponent(phoneNumberId)}/messages`,
        headers: { authorization: `Bearer ${this.options.accessToken}`, 'content-type': 'application/json' },
        body: JSON.stringify(payload),
      });
      return { ...understand(statusCode, await body.text()), durationMs: lasted() };
    } catch (thrown) {
      const kind = wasNotSent(thrown) ? 'not-sent' : 'unknown';
      return { kind, reason: `HTTP.${failureCode(thrown)}`, durationMs: lasted() };
    }
  }

  /** Waits for requests under way. */
  async close(): Promise<void> {
    await this.#pool.close();
  }
}

type Understood = PostResult extends infer R ? (R extends unknown ? Omit<R, 'durationMs'> : never) : never;

function understand(statusCode: number, text: string): Understood {
  const response = parsed(text);
  const error = asObject(response?.['error']);
  if (error && typeof error['code'] === 'number') {
    const details = asText(asObject(error['error_data'])?.['details'], 1024) || asText(error['message'], 1024);
    const traceId = asText(error['fbtrace_id'], 128);
    return { kind: 'answered', code: error['code'], details, traceId, response: { statusCode, error } };
  }
  const messageId = asText(asObject(asArray(response?.['messages'])[0])?.['id'], 512);
  if (statusCode >= 200 && statusCode < 300 && messageId !== '') {
    return { kind: 'accepted', messageId, response: { statusCode, messages: response?.['messages'] } };
  }
  return { kind: 'unknown', reason: `HTTP.${statusCode}`, response: { statusCode } };
}

function parsed(text: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    // Not the Graph API's own words; the status code says the rest.
    return undefined;
  }
}
