import { eventually } from '@parley/testing';
import { clientsOf } from '../src/clients.js';
import { isFree } from '../src/ports.js';
import { Phone } from '../src/phone.js';
import { alive, familyOf, type Process } from '../src/processes.js';
import { System } from '../src/system.js';

const MAYA = '+12125550101';
/** How long a stop may take; whoever is not gone by then is killed, and has no exit code. */
const LIMIT_MS = 10_000;

describe('npm start', () => {
  let system: System;

  beforeAll(async () => {
    system = await System.start();
  }, 240_000);
  afterAll(() => system?.dispose(), 60_000);

  /** The launcher and all it started: every service, the simulator, Postgres and its own processes. */
  async function running(): Promise<Process[]> {
    const family = await familyOf(system.pid);
    expect(family.length).toBeGreaterThan(10);
    return family;
  }

  async function expectNothingLeft(of: readonly Process[]): Promise<void> {
    await eventually(async () => expect(await alive(of)).toEqual([]));
    for (const offset of [0, 1, 2, 200, 207, 250, 256]) {
      expect([offset, await isFree(system.base + offset)]).toEqual([offset, true]);
    }
  }

  async function expectWork(): Promise<void> {
    const reply = await new Phone(system.simulatorUrl, MAYA).ask('Track order 1234');
    expect(reply.text).toMatch(/order 1234 will arrive/);
  }

  it('stops everything at a signal to its own process, however often it comes, and ends well', async () => {
    await expectWork();
    const family = await running();
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGTERM'] as const) process.kill(system.pid, signal);
    expect(await system.stop(LIMIT_MS)).toBe(0);
    await expectNothingLeft(family);
  }, 60_000);

  it('starts again after everything was killed, with what was known before', async () => {
    await system.run();
    const family = await running();
    for (const { pid } of family) process.kill(pid, 'SIGKILL');
    await expectNothingLeft(family);
    await system.run();
    await expectWork();
    const clients = clientsOf(system);
    const { entries } = await clients.crm.listConversationEntries({ phone: MAYA, limit: 0, whatsappUserId: '' });
    clients.close();
    expect(entries.length).toBeGreaterThan(1);
  }, 240_000);

  it('clears away what outlived a launcher that was killed', async () => {
    const [launcher, ...orphans] = await running();
    process.kill(launcher?.pid ?? 0, 'SIGKILL');
    await eventually(async () => expect(await alive(launcher ? [launcher] : [])).toEqual([]));
    expect((await alive(orphans)).length).toBeGreaterThan(5);
    await system.run();
    expect(await alive(orphans)).toEqual([]);
    await expectWork();
    const family = await running();
    expect(await system.stop(LIMIT_MS)).toBe(0);
    await expectNothingLeft(family);
  }, 240_000);
});
