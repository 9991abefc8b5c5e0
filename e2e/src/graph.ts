import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** One POST to `/messages`, as it came. */
export interface GraphSend {
  path: string;
  body: { to?: string; type: string; biz_opaque_callback_data: string; text?: { body: string } } & Record<
    string,
    unknown
  >;
}

/** The least that can be called a Graph API: takes every message, keeps it, gives it a wamid. */
export class TinyGraph {
  readonly sends: GraphSend[] = [];
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      void text(request).then((body) => {
        this.sends.push({ path: request.url ?? '', body: JSON.parse(body) as GraphSend['body'] });
        const id = `wamid.tiny${this.sends.length}`;
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ messaging_product: 'whatsapp', contacts: [], messages: [{ id }] }));
      });
    });
  }

  static async start(): Promise<TinyGraph> {
    const graph = new TinyGraph();
    await new Promise<void>((resolve) => graph.server.listen(0, '127.0.0.1', resolve));
    return graph;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Texts sent to a number, oldest first. */
  textsTo(phone: string): string[] {
    const digits = phone.replace('+', '');
    return this.sends.filter(({ body }) => body.to?.replace('+', '') === digits).map(({ body }) => textOf(body));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function textOf(body: GraphSend['body']): string {
  const interactive = body['interactive'] as { body?: { text?: string } } | undefined;
  return body.text?.body ?? interactive?.body?.text ?? '';
}
