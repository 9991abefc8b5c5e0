import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A POST as it arrived. */
export interface Posted {
  at: number;
  path: string;
  authorization: string;
  body: Record<string, unknown> & { biz_opaque_callback_data: string; to?: string };
}

/** What the stand-in does with a POST; by default it accepts. */
export type Reaction = (post: Posted, nth: number) => Answer;
export type Answer =
  | { kind: 'accept'; messageId?: string; delayMs?: number }
  | { kind: 'error'; status: number; code: number }
  | { kind: 'plain'; status: number }
  | { kind: 'silence' }
  | { kind: 'reset' };

/** A few lines of Graph API on localhost, under the test's control. */
export class FakeGraph {
  readonly posts: Posted[] = [];
  react: Reaction = () => ({ kind: 'accept' });
  readonly #server: Server = createServer((request, response) => void this.#serve(request, response));

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async listen(port = 0): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    return this;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  postsOf(sendId: string): Posted[] {
    return this.posts.filter(({ body }) => body.biz_opaque_callback_data === sendId);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Posted['body'];
    const { authorization = '' } = request.headers;
    const post = { at: Date.now(), path: request.url ?? '', authorization, body };
    this.posts.push(post);
    const answer = this.react(post, this.postsOf(body.biz_opaque_callback_data).length);
    if (answer.kind === 'silence') return;
    if (answer.kind === 'reset') {
      request.socket.resetAndDestroy();
      return;
    }
    if (answer.kind === 'plain') {
      response.writeHead(answer.status).end('<html>oops</html>');
      return;
    }
    if (answer.kind === 'error') {
      const error = { message: 'no', type: 'OAuthException', code: answer.code, fbtrace_id: 'trace-1' };
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
      return;
    }
    const id = answer.messageId ?? `wamid.${this.posts.length}.${body.biz_opaque_callback_data}`;
    const accepted = { messaging_product: 'whatsapp', messages: [{ id }] };
    setTimeout(() => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(accepted));
    }, answer.delayMs ?? 0);
  }
}
