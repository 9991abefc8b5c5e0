// Checks an export by itself: each entry by its own bytes, and by its way up to the root of a signed head.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { expected } from './connect.mjs';
import { entryOf, headOf } from './lines.mjs';
import { trusted } from './trust.mjs';
import { count } from './verify.mjs';

const domain = (name) => import(new URL(`../../apps/audit-service/dist/domain/${name}.js`, import.meta.url).href);

export async function verifyFile(file, keyFile) {
  const [{ hashOf }, { rootFrom }, { headText }] = [
    await domain('chain'),
    await domain('merkle'),
    await domain('signed'),
  ];
  const verifies = await trusted(keyFile);
  const heads = new Map();
  const problems = [];
  let entries = 0;
  const check = {
    head(line) {
      const head = headOf(line);
      if (!verifies(headText(head), head)) problems.push(`${line.chain} ${line.sequence}: bad-signature of the head`);
      else heads.set(`${line.chain} ${line.sequence}`, head);
    },
    entry(line) {
      entries += 1;
      const entry = entryOf(line);
      const place = `${line.chain} ${line.sequence}`;
      if (!hashOf(entry).equals(entry.hash)) problems.push(`${place}: hash-mismatch, the entry was changed`);
      const head = heads.get(`${line.chain} ${line.headSequence}`);
      if (!head) problems.push(`${place}: no signed head for it`);
      else if (!rootOf(rootFrom, entry, line).equals(head.root)) problems.push(`${place}: not under the signed root`);
    },
  };
  for await (const line of linesOf(file)) check[line.kind]?.(line);
  for (const problem of problems) console.log(problem);
  const read = `${count(entries, 'entry', 'entries')}, ${count(heads.size, 'signed head', 'signed heads')}`;
  const whole = `${read}: every entry is as it was recorded. That none was left out only "verify" on the service can say.`;
  if (problems.length === 0) console.log(whole);
  else console.error(`${read}: ${count(problems.length, 'problem', 'problems')}, see above.`);
  return problems.length === 0 ? 0 : 1;
}

function rootOf(rootFrom, entry, { headSequence, path }) {
  return rootFrom(
    entry.hash,
    Number(entry.sequence) - 1,
    Number(headSequence),
    path.map((node) => Buffer.from(node, 'hex')),
  );
}

async function* linesOf(file) {
  const input = createReadStream(file);
  const opened = new Promise((resolve, reject) => input.once('open', resolve).once('error', reject));
  await opened.catch((error) => {
    throw expected(`${file} cannot be read (${error.code}).`);
  });
  let number = 0;
  for await (const text of createInterface({ input })) {
    number += 1;
    try {
      yield JSON.parse(text);
    } catch {
      throw expected(`${file}, line ${number}: not JSON. An export to be checked is one in JSON Lines.`);
    }
  }
}
