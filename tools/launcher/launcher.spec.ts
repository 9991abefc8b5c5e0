import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { takenPorts } from './checks.mjs';

describe('the checks before a start', () => {
  it('name the ports that somebody else listens on, with the setting that moves them', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const wanted: [string, number][] = [
      ['DESK_PORT', port],
      ['GATEWAY_PORT', Number.NaN],
    ];
    expect(await takenPorts(wanted)).toEqual([`${port} (DESK_PORT)`]);
    server.close();
    await once(server, 'close');
    expect(await takenPorts(wanted)).toEqual([]);
  });
});
