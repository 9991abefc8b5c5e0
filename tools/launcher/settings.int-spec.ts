import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@parley/testing';
import { settingProblems } from './checks.mjs';
import { root } from './paths.mjs';

/** What the services get when nothing is wrong. */
const GOOD = { PATH: process.env['PATH'], DATABASE_URL: 'postgres://a@b/c', PARLEY_MASTER_KEY_FILE: '/key' };

/** One wrong value for each kind of setting of each service, and none that may be printed. */
const WRONG = {
  GATEWAY_PORT: 'hunter',
  WHATSAPP_PROVIDER: 'd7',
  WHATSAPP_MESSAGES_PER_SECOND: '106540352242922=20,hunter',
  KAFKA_SASL_MECHANISM: 'plain',
  PARLEY_TIME_ZONE: 'hunter/zone',
  PARLEY_COUNTRY: 'hunter',
  CRM_CONNECTOR: 'hunter',
  DESK_TLS: 'hunter',
  SIMULATOR_SEED: 'hunter',
};
const NAMED = [...Object.keys(WRONG).filter((name) => name !== 'KAFKA_SASL_MECHANISM'), 'KAFKA_SASL_USERNAME'];

const named = (lines: string[]): string[] => lines.map((line) => line.split(':', 1)[0] ?? '');

describe('the settings of all services', () => {
  it('are fine as they are by default', async () => {
    expect(await settingProblems(GOOD)).toEqual([]);
  });

  it('are all named at once when they are wrong, each once, without values', async () => {
    const problems = await settingProblems({ ...GOOD, ...WRONG });
    expect(named(problems).sort()).toEqual([...NAMED, 'KAFKA_SASL_PASSWORD'].sort());
    expect(problems.join()).not.toContain('hunter');
  });

  it('include the key that signs evidence, in production', async () => {
    const problems = await settingProblems({ ...GOOD, NODE_ENV: 'production' });
    expect(named(problems)).toContain('AUDIT_SIGNING_KEY');
    expect(named(problems)).toContain('WHATSAPP_APP_SECRET');
  });

  it('want TLS to other hosts in production, all in the one list, each once', async () => {
    const others = {
      DATABASE_URL: 'postgres://hunter@db.example.com/c',
      KAFKA_BROKERS: 'kafka.example.com:9092',
      WHATSAPP_GRAPH_URL: 'http://graph.example.com',
    };
    const insecure = ['DATABASE_URL', 'KAFKA_SSL', 'WHATSAPP_GRAPH_URL'];
    const problems = await settingProblems({ ...GOOD, ...others, NODE_ENV: 'production' });
    expect(
      named(problems)
        .filter((name) => insecure.includes(name))
        .sort(),
    ).toEqual(insecure);
    expect(problems.join()).not.toMatch(/hunter|example/);
    expect(await settingProblems({ ...GOOD, ...others })).toEqual([]);
  });
});

describe('npm start with wrong settings', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-settings-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function start(env: Record<string, string>): Promise<{ code: unknown; said: string }> {
    // Nobody uses these, and neither does a start that is refused.
    const ports = { OPS_PORT_BASE: '0', GRPC_PORT_BASE: '200' };
    const child = spawn(process.execPath, [join(root, 'tools/launcher/main.mjs')], {
      env: { PATH: GOOD.PATH, PARLEY_DATA_DIR: folder, ...ports, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (part: Buffer) => (said += part.toString()));
    const [code] = (await once(child, 'exit')) as [number | null];
    return { code, said };
  }

  it('starts nothing and says all that is wrong in one list, its own and the services', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const own = { PARLEY_REPLICAS: 'gateway=hunter', DATABASE_URL: 'hunter' };
    const { code, said } = await start({ ...WRONG, ...own, DESK_PORT: String(port) });
    server.close();
    expect(code).toBe(1);
    const lines = said.trim().split('\n');
    expect(lines[0]).toBe(`${lines.length - 1} settings are wrong:`);
    const names = named(lines.slice(1).map((line) => line.trim()));
    for (const name of [...NAMED, ...Object.keys(own), 'DESK_PORT']) expect(names).toContain(name);
    expect(new Set(names).size).toBe(names.length);
    expect(said).not.toContain('hunter');
    expect(existsSync(join(folder, 'logs'))).toBe(false);
  });

  it('says of a database that nobody answers at, beside what else is wrong', async () => {
    const nobody = `postgres://hunter@127.0.0.1:${await freePort()}/parley`;
    const { code, said } = await start({
      DATABASE_URL: nobody,
      DESK_PORT: '0',
      SIMULATOR_PORT: '0',
      ...WRONG,
    });
    expect(code).toBe(1);
    expect(said).toMatch(/it does not answer; check DATABASE_URL/);
    for (const name of NAMED) expect(said).toContain(`${name}: `);
    expect(said).not.toContain('hunter');
  });
});
