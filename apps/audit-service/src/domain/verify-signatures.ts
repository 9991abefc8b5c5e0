import { dayText, digestOf, headsDigest, headText, lineOf, retiredText, signedGenesis } from './signed.js';
import type { RetiredDay, Seal, SignedDay, SignedHead } from './signed.js';
import type { Problem, ProblemKind } from './verifier.js';

/** Whether a text was signed so, by a key that is trusted. */
export type Verifies = (text: string, seal: Seal) => boolean;

interface Signed {
  readonly heads: readonly SignedHead[];
  readonly days: readonly SignedDay[];
  readonly retired: readonly RetiredDay[];
}

/** What is wrong with signed heads and days by themselves, and the heads that can be relied on. */
export function checkSignatures(signed: Signed, verifies: Verifies): { problems: Problem[]; good: SignedHead[] } {
  const problems: Problem[] = [];
  const note = (chain: string, kind: ProblemKind, sequence = 0n): void => void problems.push({ chain, sequence, kind });
  const good = signed.heads.filter((head) => {
    const right = verifies(headText(head), head);
    if (!right) note(head.chain, 'bad-signature', head.sequence);
    return right;
  });
  for (const retired of signed.retired)
    if (!verifies(retiredText(retired), retired)) note(retired.day, 'bad-signature');
  checkDays(signed, verifies, note);
  checkLines(signed.heads, note);
  return { problems, good };
}

type Note = (chain: string, kind: ProblemKind, sequence?: bigint) => void;

function checkDays({ heads, days }: Signed, verifies: Verifies, note: Note): void {
  const byDay = Map.groupBy(heads, ({ chain }) => chain.slice(0, 10));
  let previous = signedGenesis('days');
  for (const day of days) {
    if (!verifies(dayText(day), day)) note(day.day, 'bad-signature');
    if (!day.previous.equals(previous)) note(day.day, 'broken-link');
    if (!headsDigest(byDay.get(day.day) ?? []).equals(day.heads)) note(day.day, 'heads-changed');
    byDay.delete(day.day);
    previous = digestOf(dayText(day));
  }
  // Heads of a day that nobody signed.
  for (const day of byDay.keys()) note(day, 'heads-changed');
}

/** Each head follows the one of the same topic and partition before it. */
function checkLines(heads: readonly SignedHead[], note: Note): void {
  const latest = new Map<string, Buffer>();
  for (const head of heads) {
    const line = lineOf(head.chain);
    if (!head.previous.equals(latest.get(line) ?? signedGenesis(line))) note(head.chain, 'broken-link', head.sequence);
    latest.set(line, digestOf(headText(head)));
  }
}
