import { eventually } from '@parley/testing';
import { ask } from './paths-talk.js';
import { confession } from './paths-webhook.js';
import { databaseOf } from './places.js';
import type { Stage } from './stage.js';

const PATIENCE = { timeoutMs: 60_000 };

/** Ends a service the hard way while it has work, and waits until what was asked meanwhile is answered. */
async function without(stage: Stage, service: string, signal: NodeJS.Signals): Promise<void> {
  const person = stage.person();
  const [pid] = await stage.system.pidsOf(service);
  if (pid === undefined) throw new Error(`${service} does not run.`);
  const path = `${signal} for ${service}`;
  const asked = stage.write(path, person, `Track order 1234, ${confession(person)}`).catch(() => 0);
  process.kill(pid, signal);
  stage.did(path);
  const taken = (await asked) === 200;
  await eventually(async () => {
    if (!taken && (await stage.write(path, person, confession(person)).catch(() => 0)) !== 200) throw new Error('away');
    return true;
  }, PATIENCE);
  await ask(stage, path, person, `Track order 1234 ${person.words}`);
}

/** Services that abort or vanish, with the words of customers in their hands. */
export async function crashes(stage: Stage): Promise<void> {
  for (const service of ['erp-bridge', 'crm-bridge', 'intent-service', 'consent-service', 'audit-service', 'desk']) {
    await without(stage, service, 'SIGABRT');
  }
  for (const service of ['conversation-service', 'gateway']) await without(stage, service, 'SIGABRT');
}

/** The database goes away in the middle of statements, and comes back. */
export async function databaseAway(stage: Stage): Promise<void> {
  const path = 'SIGKILL for Postgres';
  const people = Array.from({ length: 20 }, () => stage.person());
  const { pid } = await databaseOf(stage.system);
  const asked = people.map((person) => stage.write(path, person, confession(person)).catch(() => 0));
  process.kill(pid, 'SIGKILL');
  stage.did(path);
  await Promise.all(asked);
  await eventually(async () => {
    if ((await databaseOf(stage.system)).pid === pid) throw new Error('Postgres is not back yet.');
  }, PATIENCE);
  for (const person of people.slice(0, 3)) {
    await eventually(async () => {
      if ((await stage.write(path, person, `Track order 1234 ${person.words}`)) !== 200) throw new Error('away');
    }, PATIENCE);
  }
  const [first] = people;
  if (first)
    await eventually(() => {
      if (stage.sendsTo(first) === 0) throw new Error('no answer yet');
    }, PATIENCE);
}
