import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { AppError } from '@parley/errors';
import { collectProcessMetrics, exposition } from './metrics.js';
import { safeMessage } from './safe-error.js';

type Check = () => Promise<void> | void;

// A probe that hangs is a probe that fails; Kubernetes gives up after one second by default.
const CHECK_TIMEOUT_MS = 900;

async function outcomeOf(check: Check): Promise<string> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('timed out')), CHECK_TIMEOUT_MS);
  try {
    await Promise.race([check(), tooLate]);
    return 'ok';
  } catch (error) {
    const known = AppError.from(error);
    return known.reason === 'UNMAPPED' ? safeMessage(known) : known.reason;
  } finally {
    clearTimeout(timer);
  }
}

/** Health and metrics of one process: `/health/live`, `/health/ready`, `/metrics`, apart from what it serves to others. */
export class OpsServer {
  private readonly ready = new Map<string, Check>();
  private readonly alive = new Map<string, Check>();
  private readonly server: Server;

  constructor(
    private readonly port: number,
    private readonly host = '127.0.0.1',
  ) {
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  /** A check that must pass before the process gets work. */
  addCheck(name: string, check: Check): void {
    this.ready.set(name, check);
  }

  /** A check that must pass, else the process is to be restarted. */
  addLiveCheck(name: string, check: Check): void {
    this.alive.set(name, check);
  }

  /** Starts listening. @throws when the port is taken. */
  async listen(): Promise<void> {
    collectProcessMetrics();
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.port, this.host, resolve);
    });
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?')[0];
    if (path === '/metrics') {
      const { contentType, body } = await exposition();
      response.setHeader('content-type', contentType).end(body);
    } else if (path === '/health/live') await this.report(this.alive, response);
    else if (path === '/health/ready') await this.report(this.ready, response);
    else response.writeHead(404).end();
  }

  private async report(checks: Map<string, Check>, response: ServerResponse): Promise<void> {
    const outcomes = await Promise.all(
      [...checks].map(async ([name, check]) => [name, await outcomeOf(check)] as const),
    );
    const healthy = outcomes.every(([, outcome]) => outcome === 'ok');
    response.writeHead(healthy ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: healthy ? 'ok' : 'failing', checks: Object.fromEntries(outcomes) }));
  }
}
