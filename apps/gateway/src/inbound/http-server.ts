import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { ExpressAdapter } from '@nestjs/platform-express';
import { counter, createLogger } from '@parley/telemetry';
import { MAX_BODY_BYTES, WebhookHandler } from './webhook.http.js';

const log = createLogger('gateway');
const dropped = counter('parley_gateway_connections_dropped_total', 'Connections closed because there were too many');

/** Slow clients are cut off: headers within 10 s, a whole request within 20 s, looked at every second. */
const TIMEOUTS = { headersTimeout: 10_000, requestTimeout: 20_000, connectionsCheckingInterval: 1000 };
/** Longer than the idle time-out of usual load balancers, so that they close first. */
const KEEP_ALIVE_MS = 65_000;

/**
 * Many times what Meta opens, and what a process can hold open beside its own connections. More are closed at once, and
 * counted: whoever knocks again gets in when somebody silent has been sent away.
 */
const MOST_CONNECTIONS = 10_000;

/** Nest's HTTP adapter with the webhook handler in front of the router. */
export class GatewayHttpAdapter extends ExpressAdapter {
  constructor(private readonly webhook: WebhookHandler) {
    super();
    this.getInstance<{ disable(setting: string): void }>().disable('x-powered-by');
  }

  override initHttpServer(): void {
    const nest = this.getInstance<(request: IncomingMessage, response: ServerResponse) => void>();
    const server = createServer({ ...TIMEOUTS, keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
      if (WebhookHandler.serves(request)) void this.#receive(request, response);
      else nest(request, response);
    });
    server.maxConnections = MOST_CONNECTIONS;
    server.on('drop', () => dropped.inc());
    // Without this Node itself asks for the body of a request that is far too large.
    server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
      if (Number(request.headers['content-length'] ?? 0) <= MAX_BODY_BYTES) response.writeContinue();
      server.emit('request', request, response);
    });
    this.httpServer = server;
  }

  override close(): Promise<unknown> | undefined {
    this.webhook.close();
    return super.close();
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.webhook.handle(request, response);
    } catch (err) {
      log.error({ err }, 'A webhook request failed');
      if (!response.headersSent) response.writeHead(503, { 'retry-after': '2', 'content-length': 0 });
      response.end();
    }
  }
}
