// Erases persons, a few at a time, and keeps the signed statement about each.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { expected } from './connect.mjs';
import { count } from './verify.mjs';

/** Small enough that live traffic does not wait behind one statement. */
const BATCH = 25;
/** Between batches: each makes every service fetch its persons' keys anew. */
const PAUSE_MS = 250;

const SAID = {
  unknown: 'nobody is known by that: nothing was erased',
  ambiguous: 'several persons are known by that: name one by phone, user id or customer id',
};

/** @returns the exit code: 0 when every one is erased, now or before */
export async function erase(client, values) {
  const persons = personsOf(values);
  const about = {
    reason: values.reason ?? 'the person asked for it',
    requestedBy: process.env.PARLEY_OPERATOR || userInfo().username,
  };
  if (!values.yes && !(await agreed(client, persons, about))) return 2;
  mkdirSync(values.out ?? '.', { recursive: true });
  const outcomes = { erased: 0, 'erased-before': 0, unknown: 0, ambiguous: 0 };
  for (let at = 0; at < persons.length; at += BATCH) {
    if (at > 0) await sleep(PAUSE_MS);
    const batch = persons.slice(at, at + BATCH);
    const { results } = await client.erase({ persons: batch, ...about, dryRun: false });
    for (const [n, result] of results.entries()) {
      outcomes[result.outcome] += 1;
      tell(result, at + n + 1, persons.length, values.out ?? '.');
    }
  }
  if (persons.length > 1) {
    const { erased, unknown, ambiguous } = outcomes;
    console.log(
      `${erased} erased, ${outcomes['erased-before']} erased before, ${unknown} unknown, ${ambiguous} ambiguous.`,
    );
  }
  return outcomes.unknown + outcomes.ambiguous === 0 ? 0 : 1;
}

function personsOf({ customer, file }) {
  if (customer && !file) return [customer];
  if (!file || customer) throw expected('Name a --customer, or a --file with one person a line.', true);
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    const persons = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
    if (persons.length === 0) throw expected(`${file} names nobody.`);
    return [...new Set(persons)];
  } catch (error) {
    if (error.expected) throw error;
    throw expected(`${file} cannot be read (${error.code}).`);
  }
}

/** Says what would be done, and asks where somebody can answer. */
async function agreed(client, persons, about) {
  let known = 0;
  for (let at = 0; at < persons.length; at += BATCH) {
    const { results } = await client.erase({ persons: persons.slice(at, at + BATCH), ...about, dryRun: true });
    known += results.filter(({ outcome }) => outcome === 'known').length;
  }
  console.log(
    `${known} of ${count(persons.length, 'person is', 'persons are')} known. What is erased cannot be brought back.`,
  );
  if (!process.stdin.isTTY) {
    console.error('Nothing was erased. Add --yes to erase.');
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('Erase? Type "erase": ');
  terminal.close();
  return answer.trim() === 'erase';
}

/** One line a person. Who it was is not repeated: outputs end up in logs. */
function tell({ outcome, statement, keyId, signature, publicKey }, number, of, folder) {
  const place = of > 1 ? `${number}: ` : '';
  if (!statement) {
    console.error(`${place}${SAID[outcome]}.`);
    return;
  }
  const { id, erasedAt, tables, later } = JSON.parse(statement);
  const file = join(folder, `erasure-${id}.json`);
  const sealed = { statement, keyId, signature: Buffer.from(signature).toString('hex'), publicKey };
  if (!existsSync(file)) writeFileSync(file, `${JSON.stringify(sealed, null, 2)}\n`, { mode: 0o600 });
  if (outcome === 'erased-before') {
    console.log(`${place}erased before, at ${erasedAt}; the statement of then is in ${file}.`);
    return;
  }
  console.log(`${place}erased; the signed statement is in ${file}.`);
  if (of > 1) return;
  for (const { table, effect, rows } of tables) console.log(`  ${table}: ${count(rows, 'row', 'rows')} ${effect}`);
  for (const { what, by } of later) console.log(`  ${what}: gone by ${by}`);
}
