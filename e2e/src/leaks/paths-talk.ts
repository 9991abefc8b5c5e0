import { eventually } from '@parley/testing';
import type { Person } from './cast.js';
import { troubles } from './hostile-graph.js';
import { confession } from './paths-webhook.js';
import type { Stage } from './stage.js';

const PATIENCE = { timeoutMs: 60_000 };

async function untilAnswered(stage: Stage, person: Person, before: number): Promise<void> {
  await eventually(() => {
    if (stage.sendsTo(person) <= before) throw new Error('no answer yet');
  }, PATIENCE);
}

/** Writes, and waits for the answer. */
export async function ask(stage: Stage, path: string, person: Person, text: string): Promise<void> {
  const before = stage.sendsTo(person);
  await stage.write(path, person, text);
  await untilAnswered(stage, person, before);
}

/** What customers say: orders, e-mail addresses, people, STOP. */
export async function dialogs(stage: Stage): Promise<void> {
  const person = stage.person();
  await ask(stage, 'dialog: order of somebody else', person, 'Track order 1234');
  await ask(stage, 'dialog: an e-mail address', person, person.email);
  await ask(stage, 'dialog: everything about me', person, confession(person));
  await ask(stage, 'dialog: cancel', person, `cancel order 1240 ${person.words}`);
  await ask(stage, 'dialog: return', person, `I want to return order 1234, ${person.words}`);
  await stage.write('dialog: opt-out', person, 'STOP');
  await ask(stage, 'dialog: after the opt-out', person, 'where is my order 1234');
  await ask(stage, 'dialog: a person please', stage.person(), 'I want to talk to a person');
}

/** A message id as Meta makes it: the customer's number stands in it, in base64. */
export function metaWamid(person: Person): string {
  const number = Buffer.from(person.waId);
  const head = Buffer.from([0x1c, 0x18, number.length]);
  const tail = Buffer.from([0x15, 0x02, 0x00, 0x12, 0x18, 0x14, ...Buffer.from(person.words.slice(-12)), 0x00]);
  return `wamid.${Buffer.concat([head, number, tail]).toString('base64')}`;
}

/** Somebody whose message ids are of Meta's own making. */
export async function metaIds(stage: Stage): Promise<void> {
  const person = stage.person();
  for (const body of ['Track order 1234', person.words]) {
    const message = stage.message(person, { type: 'text', text: { body } }, metaWamid(person));
    await stage.post('dialog: message ids of Meta', stage.envelope(person, { messages: [message] }));
  }
  await untilAnswered(stage, person, 0);
}

/** A Graph API that fails in every way, and repeats what it was told. */
export async function graphTroubles(stage: Stage): Promise<void> {
  for (const kind of troubles) {
    const person = stage.person();
    stage.graph.trouble(person.phone, kind);
    await ask(stage, `Graph API: ${kind}`, person, confession(person));
  }
}
