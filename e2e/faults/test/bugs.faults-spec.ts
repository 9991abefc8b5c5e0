import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@parley/testing';
import { clientsOf } from '../../src/clients.js';
import { Phone } from '../../src/phone.js';
import { System } from '../../src/system.js';
import { postWebhook, textWebhook } from '../../src/webhook.js';
import { arm, disarm, fired } from '../arming.mjs';
import { bugs, faultsEnvironment } from '../bugs.mjs';

const MAYA = '+12125550101';
const PATIENCE = { timeoutMs: 60_000 };

/** Each bug does what its description says when it is struck as its description says. */
describe('a system with a seeded bug', () => {
  let dir: string;
  let system: System;
  let phone: Phone;

  async function start(bug: string): Promise<void> {
    dir = await mkdtemp(join(tmpdir(), 'parley-faults-'));
    system = await System.start(faultsEnvironment({ dir, bug }));
    phone = new Phone(system.simulatorUrl, MAYA);
  }
  afterEach(async () => {
    await system?.dispose();
    await rm(dir, { recursive: true, force: true });
  }, 60_000);

  const deliver = async (id: string): Promise<void> => {
    const body = textWebhook([{ id, from: MAYA.slice(1), text: 'Track order 1234' }]);
    await eventually(async () => expect((await postWebhook(system.gatewayUrl, body)).status).toBe(200), PATIENCE);
  };
  const answers = (count: number): Promise<void> =>
    eventually(async () => expect(await phone.replies()).toHaveLength(count), PATIENCE);

  /** Arms what the bug says, and waits until it has killed and the process is back. */
  async function strikeWhile(bug: string, work: () => Promise<void>): Promise<void> {
    const { app, place, ...plan } = bugs[bug]!.shows.fault!;
    arm(dir, app, place, plan);
    await work();
    await eventually(() => expect(fired(dir)).toHaveLength(1), PATIENCE);
    await eventually(() => expect(system.lines).toContain(`started again: ${app}`), PATIENCE);
  }

  it('answers a copy of a message again, when marks are kept in memory', async () => {
    await start('dedupe-in-memory');
    await strikeWhile('dedupe-in-memory', () => deliver('wamid.once'));
    await answers(1);
    await deliver('wamid.once');
    await answers(2);
  }, 240_000);

  it('never answers a message, when it is marked before its effect', async () => {
    await start('mark-before-effect');
    await strikeWhile('mark-before-effect', () => deliver('wamid.lost'));
    await deliver('wamid.lost');
    await deliver('wamid.next');
    await answers(1);
  }, 240_000);

  it('never answers a message, when the offset moves before its effect', async () => {
    await start('offset-before-effect');
    await strikeWhile('offset-before-effect', () => deliver('wamid.lost'));
    await deliver('wamid.next');
    await answers(1);
  }, 240_000);

  it('sends an answer twice, when no answer to a POST is taken for a failure', async () => {
    await start('resend-on-timeout');
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ sends: [{ kind: 'reset', accepted: true, next: 1 }] });
    await fetch(`${system.simulatorUrl}/simulator/api/faults`, { method: 'PUT', headers, body });
    await deliver('wamid.once');
    await answers(2);
  }, 240_000);

  it('loses an answer or lines of the CRM, when a sequence gives the offsets', async () => {
    await start('sequence-as-offset');
    const clients = clientsOf(system);
    const { app, place, ...plan } = bugs['sequence-as-offset']!.shows.fault!;
    await deliver('wamid.first');
    await answers(1);
    arm(dir, app, place, plan);
    // Any record may be the one that commits late: where it was a reply, no answer ever comes, and that is enough.
    const unanswered = async (n: number): Promise<boolean> => {
      await deliver(`wamid.${n}`);
      return answers(n).then(
        () => false,
        () => true,
      );
    };
    let lost = false;
    for (let n = 2; n <= 12 && !lost; n++) lost = await unanswered(n);
    disarm(dir, app, place);
    if (!lost) {
      await deliver('wamid.last');
      await answers(13);
      const entries = await eventually(async () => {
        const found = await clients.crm.listConversationEntries({ phone: MAYA, limit: 0, whatsappUserId: '' });
        expect(found.entries.map(({ wamid }) => wamid)).toContain('wamid.last');
        return found.entries;
      }, PATIENCE);
      lost = entries.length < 25;
    }
    clients.close();
    expect(lost).toBe(true);
  }, 240_000);
});
