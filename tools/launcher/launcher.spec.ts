import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { launcherProblems, takenPorts } from './checks.mjs';

describe('the settings the launcher goes by', () => {
  it('are all named when they are wrong, without values', () => {
    const problems = launcherProblems({
      PARLEY_REPLICAS: 'hunter1=2',
      DATABASE_URL: 'hunter2',
      ERP_DATABASE_URL: 'http://hunter3/erp',
    });
    expect(problems.map((line) => line.split(':', 1)[0])).toEqual([
      'PARLEY_REPLICAS',
      'DATABASE_URL',
      'ERP_DATABASE_URL',
      'KAFKA_BROKERS',
    ]);
    expect(problems.join()).not.toContain('hunter');
  });

  it('may all be left out', () => {
    expect(launcherProblems({})).toEqual([]);
    expect(launcherProblems({ PARLEY_REPLICAS: 'gateway=2', DATABASE_URL: 'postgres://a@b/c' })).toEqual([]);
  });
});

describe('the checks before a start', () => {
  it('name the ports that somebody else listens on, with the setting that moves them', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const wanted: [string, number][] = [
      ['DESK_PORT', port],
      ['GATEWAY_PORT', Number.NaN],
    ];
    expect(await takenPorts(wanted)).toEqual([expect.stringMatching(new RegExp(`^DESK_PORT: port ${port} is taken`))]);
    server.close();
    await once(server, 'close');
    expect(await takenPorts(wanted)).toEqual([]);
  });
});
