import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

type Answer = (response: ServerResponse, said: string, to: string) => void;

const error = (code: number, said: string, to: string): string =>
  JSON.stringify({
    error: {
      message: `(#${code}) Message to ${to} was refused: ${said}`,
      type: 'OAuthException',
      code,
      error_data: { messaging_product: 'whatsapp', details: `Recipient ${to} said no to ${said}` },
      error_user_title: `About ${to}`,
      fbtrace_id: 'AbCdEf',
    },
  });

const json = (response: ServerResponse, status: number, body: string): void => {
  response.writeHead(status, { 'content-type': 'application/json', 'www-authenticate': `OAuth ${body.slice(0, 200)}` });
  response.end(body);
};

/** How a Graph API may fail while repeating what it was told. */
const ANSWERS: Record<string, Answer> = {
  permanent: (response, said, to) => json(response, 400, error(131026, said, to)),
  'unknown code': (response, said, to) => json(response, 400, error(999_999, said, to)),
  transient: (response, said, to) => json(response, 500, error(131000, said, to)),
  'page of a proxy': (response, said, to) => json(response, 502, `<html>502 for ${to}: ${said}</html>`),
  'broken JSON': (response, said, to) => json(response, 500, `{"error":{"code":131000,"message":"${to} ${said}`),
  reset: (response) => response.socket?.destroy(),
  'accepted, oddly': (response, said, to) =>
    json(response, 200, JSON.stringify({ contacts: [{ input: to, wa_id: to }], messages: [], note: said })),
};

/** Kinds of trouble it can make. */
export const troubles = Object.keys(ANSWERS);

/** A Graph API that answers as told, and repeats numbers and words in its errors. */
export class HostileGraph {
  readonly sends: string[] = [];
  readonly #server: Server;
  readonly #troubles = new Map<string, string>();

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async start(): Promise<HostileGraph> {
    const graph = new HostileGraph();
    await new Promise<void>((resolve) => graph.#server.listen(0, '127.0.0.1', resolve));
    return graph;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The next send to this number meets this trouble; the ones after it are taken. */
  trouble(to: string, kind: string): void {
    this.#troubles.set(to, kind);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    this.sends.push(body);
    const { to = '' } = JSON.parse(body) as { to?: string };
    const number = to.replace('+', '');
    const kind = this.#troubles.get(number);
    this.#troubles.delete(number);
    if (kind !== undefined) return ANSWERS[kind]?.(response, body, to);
    json(response, 200, JSON.stringify({ messages: [{ id: `wamid.leaks${this.sends.length}` }] }));
  }
}
