// Evidence about a customer, an order or a session, page by page into a file or the standard output.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { userInfo } from 'node:os';
import { expected } from './connect.mjs';
import { COLUMNS, row } from './csv.mjs';
import { entryLine, headLine } from './lines.mjs';

const PAGE = 1000;

const FORMATS = {
  jsonl: {
    begin: (about) => `${JSON.stringify(about)}\n`,
    entry: (line) => `${JSON.stringify(line)}\n`,
    head: (line) => `${JSON.stringify(line)}\n`,
  },
  csv: { begin: () => row(COLUMNS), entry: (line) => row(COLUMNS.map((name) => line[name])), head: () => '' },
};

/** @returns the exit code */
export async function exportEvidence(client, values) {
  const format = FORMATS[values.format];
  if (!format) throw expected('The format is jsonl or csv.', true);
  const wanted = wantedOf(values);
  const out = values.out ? createWriteStream(values.out, { flags: 'wx', mode: 0o600 }) : process.stdout;
  if (values.out) await opened(out, values.out);
  const { publicKey, keyId } = await client.getHeads({ day: '0001-01-01' });
  await write(out, format.begin({ kind: 'export', version: 1, exportId: wanted.exportId, keyId, publicKey }));
  let entries = 0;
  for (let pageToken = '', more = true; more;) {
    const page = await client.export({ ...wanted, pageToken });
    for (const head of page.heads) await write(out, format.head(headLine(head)));
    for (const each of page.entries) await write(out, format.entry(entryLine(each)));
    entries += page.entries.length;
    pageToken = page.nextPageToken;
    more = pageToken !== '';
  }
  if (values.out) await new Promise((resolve) => out.end(resolve));
  console.error(`${entries} ${entries === 1 ? 'entry' : 'entries'} exported${values.out ? ` to ${values.out}` : ''}.`);
  return 0;
}

function wantedOf({ customer = '', order = '', session = '', from, to }) {
  if (!customer && !order && !session) throw expected('Name a --customer, an --order or a --session.', true);
  const time = { from: timeOf('from', from), until: timeOf('to', to) };
  const requestedBy = process.env.PARLEY_OPERATOR || userInfo().username;
  return { customer, order, session, ...time, limit: PAGE, requestedBy, exportId: randomUUID() };
}

function timeOf(name, text) {
  if (text === undefined) return undefined;
  const time = new Date(text);
  if (Number.isNaN(time.getTime()))
    throw expected(`--${name} is a time, for example 2026-11-22 or 2026-11-22T10:00:00Z.`, true);
  return time;
}

async function opened(out, name) {
  try {
    await once(out, 'open');
  } catch (error) {
    throw expected(
      error.code === 'EEXIST' ? `${name} is there already.` : `${name} cannot be written (${error.code}).`,
    );
  }
}

/** Waits while the reader at the other end is slower than the service. */
async function write(out, text) {
  if (text !== '' && !out.write(text)) await once(out, 'drain');
}
