import { connect, type Socket } from 'node:net';

/** One request as bytes, and nothing else: headers as they are given, wrong ones too. */
export function requestBytes(body: Buffer, headers: readonly string[]): Buffer {
  const head = ['POST /webhooks/whatsapp HTTP/1.1', 'host: gateway', `content-length: ${body.length}`, ...headers];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
}

/** A connection that is kept, over which requests are written one behind the other without waiting for the answers. */
export class Pipeline {
  readonly #socket: Socket;
  readonly #waiting: ((status: number) => void)[] = [];
  #text = '';

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.setNoDelay(true);
    this.#socket.on('data', (chunk) => this.#read(chunk.toString('latin1')));
    // A connection that ends answers nobody any more: whoever waits is told so.
    this.#socket.on('close', () => this.#waiting.splice(0).forEach((settle) => settle(0)));
    this.#socket.on('error', () => undefined);
  }

  /** The status of the answer; 0 when the connection ended instead. */
  send(request: Buffer): Promise<number> {
    return new Promise((resolve) => {
      if (this.#socket.destroyed) return resolve(0);
      this.#waiting.push(resolve);
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Every answer of the webhook has an empty body: a head is an answer. */
  #read(text: string): void {
    this.#text += text;
    for (let end = this.#text.indexOf('\r\n\r\n'); end >= 0; end = this.#text.indexOf('\r\n\r\n')) {
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(this.#text)?.[1] ?? -1);
      this.#text = this.#text.slice(end + 4);
      if (status !== 100) this.#waiting.shift()?.(status);
    }
  }
}

/** Sends all over a few connections at once; the statuses come in the order of the requests. */
export async function sendAll(port: number, requests: readonly Buffer[], connections = 8): Promise<number[]> {
  const pipelines = Array.from({ length: connections }, () => new Pipeline(port));
  const statuses = await Promise.all(
    requests.map((request, n) => pipelines[n % connections]?.send(request) ?? Promise.resolve(-1)),
  );
  pipelines.forEach((pipeline) => pipeline.close());
  return statuses;
}
