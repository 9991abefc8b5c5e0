import type { IncomingMessage, ServerResponse } from 'node:http';
import { passing } from '@parley/resilience';
import { counter, histogram } from '@parley/telemetry';
import { looksSigned, sameSecret } from '../domain/signature.js';
import type { AcceptWebhook, WebhookAnswer } from '../usecases/accept-webhook.js';
import { BodyBudget } from './body-budget.js';
import { readBody, type Body } from './read-body.js';

/** Where Meta delivers to. */
export const WEBHOOK_PATH = '/webhooks/whatsapp';

/** Meta's payloads have up to 3 MB. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;
/** Of all bodies together that are being read or kept; ordinary ones come on top. */
const BODIES_BYTES = 64 * 1024 * 1024;
/** Without a signature that could be right a body of more than this is not even read. */
const UNSIGNED_BYTES = 64 * 1024;
/** A body that takes longer is not Meta's. */
const BODY_TIMEOUT_MS = 10_000;
/** How long a refused sender may go on talking: closing at once would take the answer from it (TCP reset). */
const LINGER_MS = 500;

const requests = counter('parley_gateway_webhook_requests_total', 'Webhook requests by answer', ['status']);
const seconds = histogram('parley_gateway_webhook_seconds', 'From the first byte of a webhook to its answer');

const RETRY = { 'retry-after': '2' };
const STATUS: Record<WebhookAnswer, number> = { accepted: 200, unsigned: 401, unreadable: 400, unavailable: 503 };
const REFUSED: Record<Exclude<Body, Buffer>, number> = {
  'too-large': 413,
  'too-slow': 408,
  'too-much': 503,
  aborted: 400,
};

/** What the handler may be told differently. */
export interface WebhookHandlerOptions {
  verifyToken: string;
  bodyTimeoutMs?: number;
  bodiesBytes?: number;
}

/**
 * Meta's door. A plain handler in front of Nest's router: it needs the raw bytes and nothing else, and what it does not do
 * costs nothing ten thousand times a second.
 */
export class WebhookHandler {
  readonly #budget: BodyBudget;
  #closing = false;

  constructor(
    private readonly accept: Pick<AcceptWebhook, 'run'>,
    private readonly options: WebhookHandlerOptions,
  ) {
    this.#budget = new BodyBudget(options.bodiesBytes ?? BODIES_BYTES);
  }

  /** Whether a request is for this handler. */
  static serves(request: IncomingMessage): boolean {
    const { url = '' } = request;
    return url.startsWith(WEBHOOK_PATH) && (url.length === WEBHOOK_PATH.length || url[WEBHOOK_PATH.length] === '?');
  }

  /** From now on connections end with the answer in hand, and what still comes over them is sent away. */
  close(): void {
    this.#closing = true;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.shouldKeepAlive &&= !this.#closing;
    if (request.method === 'POST') await this.#receive(request, response);
    else if (request.method === 'GET') this.#handshake(request, response);
    else answer(response, 405, { allow: 'GET, POST' });
  }

  #handshake(request: IncomingMessage, response: ServerResponse): void {
    const query = new URLSearchParams((request.url ?? '').slice(WEBHOOK_PATH.length));
    const challenge = query.get('hub.challenge');
    // One token: with several, which of them counts would be anybody's guess.
    const [token = '', ...others] = query.getAll('hub.verify_token');
    const right = sameSecret(token, this.options.verifyToken) && others.length === 0;
    if (!right || query.get('hub.mode') !== 'subscribe' || challenge === null) return answer(response, 403);
    answer(response, 200, { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' }, challenge);
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const stop = seconds.startTimer();
    const signatures = signaturesOf(request);
    const declared = Number(request.headers['content-length'] ?? 0);
    if (declared > UNSIGNED_BYTES && declared <= MAX_BODY_BYTES && !looksSigned(signatures)) {
      return refuse(request, response, STATUS.unsigned);
    }
    const timeoutMs = this.options.bodyTimeoutMs ?? BODY_TIMEOUT_MS;
    const body = await readBody(request, { limit: MAX_BODY_BYTES, timeoutMs, budget: this.#budget });
    if (!Buffer.isBuffer(body)) return refuse(request, response, REFUSED[body]);
    try {
      const outcome = await this.accept.run(body, signatures);
      await passing('gateway.webhook.answering');
      answer(response, STATUS[outcome], outcome === 'unavailable' ? RETRY : undefined);
    } finally {
      this.#budget.release(body.length);
    }
    stop();
  }
}

/** All values of the signature header; Node's own `headers` would join two into one. */
function signaturesOf(request: IncomingMessage): string[] {
  const { rawHeaders } = request;
  const found: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (name.length === 19 && name.toLowerCase() === 'x-hub-signature-256') found.push(rawHeaders[at + 1] ?? '');
  }
  return found;
}

function answer(response: ServerResponse, status: number, headers: Record<string, string> = {}, body = ''): void {
  requests.inc({ status });
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** Answers a request whose body will not be read, and ends the connection once the sender has had time to hear it. */
function refuse(request: IncomingMessage, response: ServerResponse, status: number): void {
  requests.inc({ status });
  if (request.destroyed) return;
  response.writeHead(status, { connection: 'close', 'content-length': 0, ...(status === 503 ? RETRY : {}) });
  response.flushHeaders();
  const timer = setTimeout(() => request.destroy(), LINGER_MS);
  const done = (): void => {
    clearTimeout(timer);
    response.end();
  };
  request.once('end', done).once('close', done).resume();
}
