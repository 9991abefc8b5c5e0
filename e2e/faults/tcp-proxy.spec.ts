import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Tap, TcpProxy } from './tcp-proxy.mjs';

/** Everything a connection gets, and how it ends. */
class Caller {
  text = '';
  readonly ended: Promise<string>;
  readonly #socket: Socket;

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1');
    this.ended = new Promise((resolve) => {
      this.#socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
      this.#socket.on('close', () => resolve('closed'));
    });
    this.#socket.on('data', (chunk) => (this.text += chunk.toString()));
  }

  /** Says something and waits until as much has come back. */
  async echo(text: string): Promise<string> {
    const before = this.text.length;
    this.#socket.write(text);
    while (this.text.length < before + text.length) await once(this.#socket, 'data');
    return this.text.slice(before);
  }
}

describe('the TCP proxy', () => {
  let server: Server;
  const proxies: TcpProxy[] = [];
  const target = () => (server.address() as AddressInfo).port;
  const start = async (options?: Parameters<typeof TcpProxy.start>[1]): Promise<TcpProxy> => {
    const proxy = await TcpProxy.start(target, options);
    proxies.push(proxy);
    return proxy;
  };

  beforeAll(async () => {
    server = createServer((socket) => socket.on('error', () => undefined).pipe(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    for (const proxy of proxies.splice(0)) await proxy.stop();
  });
  afterAll(() => {
    server.close();
  });

  it('passes bytes in order, slowed or not', async () => {
    const { port, tap } = await start();
    const caller = new Caller(port);
    expect(await caller.echo('hello')).toBe('hello');
    tap.slow(5);
    const words = Array.from({ length: 20 }, (_, n) => `word ${n};`).join('');
    expect(await caller.echo(words)).toBe(words);
  });

  it('cuts what there is and welcomes what comes next', async () => {
    const { port, tap } = await start();
    const caller = new Caller(port);
    await caller.echo('hello');
    expect(tap.cut()).toBe(1);
    expect(await caller.ended).toBe('ECONNRESET');
    expect(await new Caller(port).echo('again')).toBe('again');
  });

  it('refuses until it is told otherwise', async () => {
    const { port, tap } = await start();
    tap.refuse(true);
    const refused = new Caller(port);
    await Promise.race([refused.echo('hello'), refused.ended]);
    expect(await refused.ended).toBe('ECONNRESET');
    tap.refuse(false);
    expect(await new Caller(port).echo('hello')).toBe('hello');
  });

  it('tells parts apart by the first bytes they send', async () => {
    const [red, blue] = [new Tap(), new Tap()];
    const { port } = await start({
      taps: [red, blue],
      tapOf: (first) => (first.toString().includes('red') ? red : blue),
    });
    const callers = [new Caller(port), new Caller(port)] as const;
    await callers[0].echo('red');
    await callers[1].echo('blue');
    expect([red.cut(), blue.connections]).toEqual([1, 1]);
    expect(await callers[0].ended).toBe('ECONNRESET');
    expect(await callers[1].echo('still here')).toBe('still here');
  });
});
