// The Graph API as fast as it can be: takes every message at once, and reports "sent" and "delivered" by signed webhooks.
import { createServer } from 'node:http';
import { requestBytes, statusBody } from './webhooks.mjs';

/** Meta joins statuses into one webhook when there are many. */
const STATUSES_MS = 100;
const STATUSES_EACH = 20;
const NAMES = ['sent', 'delivered', 'read'];

export class Graph {
  #server;
  #count = 0;
  #statuses = new Map();
  #templates = [];
  #timer;

  /** @param {(to: string, at: number) => void} onSend told of every message, with the time it came */
  constructor(onSend, statusesEach) {
    this.onSend = onSend;
    this.names = NAMES.slice(0, statusesEach);
  }

  async start() {
    this.#server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      let body = '';
      request.setEncoding('utf8');
      request.on('data', (text) => (body += text));
      request.on('end', () => this.#take(request.url, body, response));
    });
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  /** Begins to deliver statuses to the gateway. */
  deliverTo(connections) {
    this.connections = connections;
    if (this.names.length > 0) this.#timer = setInterval(() => this.#deliver(), STATUSES_MS);
  }

  get count() {
    return this.#count;
  }

  stop() {
    clearInterval(this.#timer);
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #take(url, body, response) {
    const at = performance.now();
    const id = `wamid.out${(this.#count += 1)}`;
    const message = JSON.parse(body);
    const to = String(message.to ?? message.recipient).replace('+', '');
    const answer = `{"messaging_product":"whatsapp","contacts":[],"messages":[{"id":"${id}"}]}`;
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length });
    response.end(answer);
    const number = url.split('/').at(-2);
    const data = message.biz_opaque_callback_data;
    for (const status of this.names) this.#keep(number, { id, to, data, status });
    if (message.type === 'template') this.#templates.push({ to, at: Date.now() });
    this.onSend(to, at);
  }

  /** Moments, of the wall clock, at which templates to somebody came. */
  templatesTo(to) {
    return this.#templates.filter((one) => one.to === to).map(({ at }) => at);
  }

  #keep(number, status) {
    const list = this.#statuses.get(number);
    if (list) list.push(status);
    else this.#statuses.set(number, [status]);
  }

  #deliver() {
    for (const [number, list] of this.#statuses) {
      for (let from = 0; from < list.length; from += STATUSES_EACH) {
        this.#post(number, list.slice(from, from + STATUSES_EACH));
      }
      this.#statuses.delete(number);
    }
  }

  /** Until it is taken, as Meta does. */
  #post(number, statuses) {
    this.connections.send(requestBytes(statusBody(number, statuses)), (status) => {
      if (status !== 200) for (const one of statuses) this.#keep(number, one);
    });
  }
}
