import { unavailable } from '@parley/errors';
import { freePort } from '@parley/testing';
import { counter, OpsServer } from './index.js';

describe('OpsServer', () => {
  let server: OpsServer;
  let base: string;
  beforeEach(async () => {
    const port = await freePort();
    server = new OpsServer(port);
    base = `http://127.0.0.1:${port}`;
    await server.listen();
  });
  afterEach(() => server.close());

  it('is ready only when every check passes, and names the one that does not', async () => {
    server.addCheck('postgres', () => Promise.reject(unavailable('POSTGRES.UNAVAILABLE', 'away')));
    server.addCheck('bus', () => undefined);
    const response = await fetch(`${base}/health/ready`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      status: 'failing',
      checks: { postgres: 'POSTGRES.UNAVAILABLE', bus: 'ok' },
    });
  });

  it('is live without being ready', async () => {
    server.addCheck('postgres', () => Promise.reject(new Error('away')));
    expect((await fetch(`${base}/health/live`)).status).toBe(200);
  });

  it('exposes metrics in the Prometheus format', async () => {
    counter('parley_ops_spec_total', 'A counter of this spec').inc(2);
    expect(await (await fetch(`${base}/metrics`)).text()).toContain('parley_ops_spec_total 2');
  });

  it('knows no other path', async () => {
    expect((await fetch(`${base}/secrets`)).status).toBe(404);
  });
});
