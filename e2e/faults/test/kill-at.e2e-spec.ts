import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@parley/testing';
import { Phone } from '../../src/phone.js';
import { System } from '../../src/system.js';
import { appOf, arm, disarm, fired, seen } from '../arming.mjs';
import { faultsEnvironment } from '../bugs.mjs';

const MAYA = '+12125550101';
const PATIENCE = { timeoutMs: 60_000 };

describe('an armed place', () => {
  let dir: string;
  let system: System;
  let phone: Phone;
  let asked = 0;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'parley-faults-'));
    system = await System.start(faultsEnvironment({ dir }));
    phone = new Phone(system.simulatorUrl, MAYA);
  }, 240_000);
  afterAll(async () => {
    await system?.dispose();
    await rm(dir, { recursive: true, force: true });
  }, 60_000);

  /** Asks, and waits for as many answers as there were questions. */
  async function ask(): Promise<void> {
    await phone.write('Track order 1234');
    asked += 1;
    await eventually(async () => expect(await phone.replies()).toHaveLength(asked), PATIENCE);
  }

  it.each([
    'gateway.webhook.produced',
    'gateway.claim.starting',
    'gateway.result.committed',
    'event-bus.log.appended',
    'conversation-service.batch.committed',
    'erp-bridge.read.answering',
    'intent-service.batch.parsed',
  ] as const)(
    'kills its process at %s; it is started again, and the message is answered once',
    async (place) => {
      const app = appOf(place);
      const pids = await system.pidsOf(app);
      arm(dir, app, place, { action: 'kill', id: place });
      // Only a send that has to wait for its turn is claimed apart: several questions at once.
      if (place === 'gateway.claim.starting') {
        asked += 4;
        await Promise.all(Array.from({ length: 4 }, () => phone.write('Track order 1234')));
      }
      await ask();
      // The place may be passed after the customer has the answer.
      const strike = await eventually(() => {
        const strikes = fired(dir).filter(({ id }) => id === place);
        expect(strikes).toEqual([expect.objectContaining({ app, place, action: 'kill' })]);
        return strikes[0];
      }, PATIENCE);
      expect(pids).toContain(strike?.pid);
      const deaths = fired(dir).filter((one) => one.app === app).length;
      await eventually(() => {
        expect(system.lines.filter((line) => line === `started again: ${app}`)).toHaveLength(deaths);
      }, PATIENCE);
      expect(disarm(dir, app, place)).toBe(false);
    },
    120_000,
  );

  it('delays and fails as it is told', async () => {
    arm(dir, 'conversation-service', 'conversation-service.batch.read', { action: 'delay', ms: 300, times: 2 });
    arm(dir, 'erp-bridge', 'erp-bridge.read.answering', { action: 'fail', error: { code: 'RESOURCE_EXHAUSTED' } });
    await ask();
    const actions = fired(dir).map(({ place, action }) => `${action} ${place}`);
    expect(actions).toContain('delay conversation-service.batch.read');
    expect(actions).toContain('fail erp-bridge.read.answering');
    expect(disarm(dir, 'erp-bridge', 'erp-bridge.read.answering')).toBe(true);
  }, 120_000);

  it('counts what was passed, and has answered every message once', async () => {
    await eventually(
      () => expect(seen(dir)['gateway']?.['gateway.post.answered']).toBeGreaterThanOrEqual(asked),
      PATIENCE,
    );
    const texts = (await phone.replies()).map(({ text }) => text);
    expect(texts).toHaveLength(asked);
    for (const text of texts) expect(text).toContain('1234');
  }, 60_000);
});
