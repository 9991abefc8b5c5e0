// npm run audit -- verify | export | erase | heads | key: evidence from the running audit service, and how to check it.
import { parseArgs } from 'node:util';
import { connect } from '../audit/connect.mjs';
import { erase } from '../audit/erase.mjs';
import { exportEvidence } from '../audit/export.mjs';
import { showHeads, showKey } from '../audit/show.mjs';
import { verifyTrail } from '../audit/verify.mjs';
import { verifyFile } from '../audit/verify-file.mjs';
import { verifyStatement } from '../audit/verify-statement.mjs';

const USAGE = `npm run audit -- verify [chain]            check hash chains and signed heads: all, or one (2026-11-22/whatsapp.inbound/0)
npm run audit -- verify --file <export>    check an export (JSON Lines) alone, against the signed heads in it
npm run audit -- export --customer <phone or id> | --order <number> | --session <conversation id>
                        [--from <time>] [--to <time>] [--format jsonl|csv] [--out <file>]
npm run audit -- erase --customer <phone, user id, customer id or e-mail> | --file <one a line>
                       [--reason <text>] [--out <folder for statements>] [--yes]
npm run audit -- verify --statement <file> check a statement about an erasure
npm run audit -- heads [day]               signed heads as JSON Lines; keep them elsewhere
npm run audit -- key                       the public key, as PEM
With --key <PEM file> a check trusts that key instead of asking the service.`;

const OPTIONS = {
  customer: { type: 'string' },
  order: { type: 'string' },
  session: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  format: { type: 'string', default: 'jsonl' },
  out: { type: 'string' },
  file: { type: 'string' },
  key: { type: 'string' },
  statement: { type: 'string' },
  reason: { type: 'string' },
  yes: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
};

const COMMANDS = {
  verify: ({ positionals: [chain = ''], values: { file, statement, key } }) => {
    if (statement) return verifyStatement(statement, key);
    return file ? verifyFile(file, key) : connect((client) => verifyTrail(client, chain));
  },
  erase: ({ values }) => connect((client) => erase(client, values)),
  export: ({ values }) => connect((client) => exportEvidence(client, values)),
  heads: ({ positionals: [day = ''] }) => connect((client) => showHeads(client, day)),
  key: () => connect(showKey),
};

export async function main(args) {
  const [name, ...rest] = args;
  if (name === '--help') {
    console.log(USAGE);
    return 0;
  }
  const command = COMMANDS[name];
  const parsed = command && parsedOf(rest);
  if (!parsed || parsed.positionals.length > 1) {
    console.error(USAGE);
    return 2;
  }
  try {
    return await command(parsed);
  } catch (error) {
    if (!error.reason && !error.expected) throw error;
    console.error(error.reason ? `${error.message} (${error.reason})` : error.message);
    return error.usage ? 2 : 1;
  }
}

function parsedOf(args) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    console.error(error.message);
    return undefined;
  }
}
