// The connections between the parts of a system, each through a proxy that can cut and slow it.
import { services } from '../../tools/launcher/services.mjs';
import { Tap, TcpProxy } from './tcp-proxy.mjs';

/** Questions go through a proxy of the service that is asked; the first replica answers. */
const ASKED = ['intent-service', 'crm-bridge', 'erp-bridge', 'consent-service'];

export class Wiring {
  /** What can be cut and slowed, by name. */
  taps = new Map();
  #proxies = [];

  /** A proxy of one purpose; resolves with its port. */
  async proxy(name, target) {
    const proxy = await TcpProxy.start(target);
    this.#proxies.push(proxy);
    this.taps.set(name, proxy.tap);
    return proxy.port;
  }

  /** One address for all, since the embedded log needs one database; connections are told apart by the role that signs in. */
  async database(target) {
    const owners = services.filter(({ schema }) => schema);
    const taps = new Map(owners.map(({ schema }) => [schema, new Tap()]));
    const others = new Tap();
    const tapOf = (first) => taps.get(/parley_([a-z]+)/.exec(first.toString('latin1'))?.[1]) ?? others;
    const proxy = await TcpProxy.start(target, { taps: [...taps.values(), others], tapOf });
    this.#proxies.push(proxy);
    for (const { name, schema } of owners) this.taps.set(`${name} -> postgres`, taps.get(schema));
    return proxy.port;
  }

  /** The environment that leads services to each other, and to Meta, through proxies. */
  async environment({ grpcBase, simulatorPort }) {
    const env = {};
    for (const { name, port } of services.filter((service) => ASKED.includes(service.name))) {
      const proxied = await this.proxy(`questions -> ${name}`, () => grpcBase + port);
      env[`${name.split('-')[0].toUpperCase()}_GRPC_URL`] = `127.0.0.1:${proxied}`;
    }
    const graph = await this.proxy('gateway -> graph', () => simulatorPort);
    return { ...env, WHATSAPP_GRAPH_URL: `http://127.0.0.1:${graph}` };
  }

  async stop() {
    for (const proxy of this.#proxies) await proxy.stop();
  }
}
