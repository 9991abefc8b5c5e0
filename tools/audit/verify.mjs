// Asks the service to read its whole trail and to compare it with what was signed.

const WHAT = {
  'hash-mismatch': 'the stored bytes are not those that were hashed: the entry was changed',
  gap: 'the entry is missing',
  'broken-link': 'it does not follow the one before it',
  inserted: 'the entry stands where the chain had ended: it was inserted',
  'bad-signature': 'the signature is not of these bytes, or of no key that is trusted',
  'heads-changed': 'the heads of the day are not those that were signed: one was removed, added or changed',
  'not-signed': 'the day is over and its heads are not signed',
};

export const count = (n, one, many) => `${n} ${Number(n) === 1 ? one : many}`;

const EVERY_MS = 10_000;

/** A large trail takes minutes: says now and then that it is still being read. */
async function whileWaiting(work) {
  const began = Date.now();
  const tell = () => console.error(`Reading the trail: ${Math.round((Date.now() - began) / 1000)} s so far.`);
  const ticker = setInterval(tell, EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(ticker);
  }
}

export async function verifyTrail(client, chain) {
  const { chains, entries, problems, signedDays } = await whileWaiting(() => client.verify({ chain }));
  const days = count(signedDays, 'signed day', 'signed days');
  const read = `${count(chains, 'chain', 'chains')}, ${count(entries, 'entry', 'entries')}, ${days}`;
  if (problems.length === 0) {
    console.log(`${read}: all of it is whole.`);
    return 0;
  }
  for (const problem of problems) {
    const { sequence, kind } = problem;
    const place = Number(sequence) === 0 ? problem.chain : `${problem.chain} ${sequence}`;
    console.log(`${place}: ${kind}, ${WHAT[kind] ?? ''}`);
  }
  console.error(`${read}: ${count(problems.length, 'problem', 'problems')}, see above.`);
  return 1;
}
