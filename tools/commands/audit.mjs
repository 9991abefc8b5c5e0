// npm run audit -- verify [chain]: asks the running audit service whether its evidence is whole.
import { audit } from '@parley/contracts';
import { grpcClient } from '@parley/grpc';
import { ports } from '../launcher/services.mjs';

const USAGE = `npm run audit -- verify [chain]   check the hash chains, all of them or one (2026-11-22/whatsapp.inbound/0)
npm run audit -- export           evidence about a customer, an order or a session
npm run audit -- erase            erase a person, with proof`;

/** Reading a large trail takes its time; the service answers when it has read all of it. */
const PATIENCE_MS = 60 * 60_000;

const WAITING = ['export', 'erase'];

export async function main(args) {
  const [command, chain = '', ...more] = args;
  if (WAITING.includes(command)) {
    console.error(`"audit ${command}" is not there yet: it comes with the proof work (signed heads, export, erasure).`);
    return 2;
  }
  if (command !== 'verify' || more.length > 0) {
    console.error(USAGE);
    return command === '--help' ? 0 : 2;
  }
  const address = process.env.AUDIT_GRPC_URL || `127.0.0.1:${ports().grpcBase + 6}`;
  const client = grpcClient(audit.AuditServiceClient, address, { deadlineMs: PATIENCE_MS });
  try {
    return report(await client.verify({ chain }));
  } catch (error) {
    console.error(
      error.code === 'UNAVAILABLE'
        ? `The audit service does not answer at ${address}. Start Parley (npm start), or set AUDIT_GRPC_URL.`
        : `${error.message} (${error.reason ?? error.code})`,
    );
    return 1;
  } finally {
    client.close();
  }
}

const WHAT = {
  'hash-mismatch': 'the stored bytes are not those that were hashed: the entry was changed',
  gap: 'the entry is missing',
  'broken-link': 'the entry does not follow the one before it',
};

const count = (n, one, many) => `${n} ${Number(n) === 1 ? one : many}`;

function report({ chains, entries, problems }) {
  const read = `${count(chains, 'chain', 'chains')}, ${count(entries, 'entry', 'entries')}`;
  if (problems.length === 0) {
    console.log(`${read}: all of it is whole.`);
    return 0;
  }
  for (const { chain, sequence, kind } of problems) console.log(`${chain} ${sequence}: ${kind}, ${WHAT[kind] ?? ''}`);
  console.error(`${read}: ${count(problems.length, 'problem', 'problems')}, see above.`);
  return 1;
}
