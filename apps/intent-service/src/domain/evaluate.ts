/** One text, what it means and what it was taken for. */
export interface Judged {
  language: string;
  /** What it means. */
  intent: string;
  /** What it was taken for, and how sure the parser was. */
  answer: string;
  confidence: number;
}

/** How well intents were understood; every figure is a share of 1. */
export interface IntentScores {
  inScope: number;
  outOfScope: number;
  accuracy: number;
  macroF1: number;
  oosRecall: number;
  oosAuroc: number;
  handledAt90: number;
  nonEnglish: number;
  ece: number;
}

/** The intent of texts that are none of our business. */
export const OOS = 'oos';
/** Of the answers given, so many must be right. */
const PRECISION = 0.9;
const BINS = 15;

const isRight = ({ intent, answer }: Judged): boolean => intent === answer;
const share = (rows: readonly Judged[]): number =>
  rows.length === 0 ? NaN : rows.filter(isRight).length / rows.length;

/** All figures about intents. In scope means that the right answer is not `oos`, which competes all the same. */
export function scoreIntents(rows: readonly Judged[]): IntentScores {
  const inScope = rows.filter(({ intent }) => intent !== OOS);
  const outOfScope = rows.filter(({ intent }) => intent === OOS);
  return {
    inScope: inScope.length,
    outOfScope: outOfScope.length,
    accuracy: share(inScope),
    macroF1: macroF1(rows),
    oosRecall: share(outOfScope),
    oosAuroc: auroc(rows),
    handledAt90: handled(rows) / inScope.length,
    nonEnglish: share(inScope.filter(({ language }) => language !== 'en')),
    ece: calibrationError(rows),
  };
}

/** Mean of the F1 of each intent that occurs in scope. */
function macroF1(rows: readonly Judged[]): number {
  const intents = [...new Set(rows.map(({ intent }) => intent))].filter((intent) => intent !== OOS);
  const scores = intents.map((wanted) => {
    const right = rows.filter(({ intent, answer }) => intent === wanted && answer === wanted).length;
    const said = rows.filter(({ answer }) => answer === wanted).length;
    const meant = rows.filter(({ intent }) => intent === wanted).length;
    return (2 * right) / (said + meant);
  });
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

/** How well confidence tells texts in scope from the others: the chance that one of ours ranks above one of theirs. */
function auroc(rows: readonly Judged[]): number {
  const ranked = rows
    .map(({ intent, answer, confidence }) => ({
      ours: intent !== OOS,
      p: answer === OOS ? 1 - confidence : confidence,
    }))
    .sort((a, b) => a.p - b.p);
  const ours = ranked.filter((row) => row.ours).length;
  let ranks = 0;
  for (let from = 0; from < ranked.length;) {
    let to = from;
    while (to < ranked.length && ranked[to]?.p === ranked[from]?.p) to += 1;
    const tied = ranked.slice(from, to).filter((row) => row.ours).length;
    ranks += (tied * (from + 1 + to)) / 2;
    from = to;
  }
  return (ranks - (ours * (ours + 1)) / 2) / (ours * (ranked.length - ours));
}

/** Right answers in the longest run of the surest ones that is right often enough; `oos` is no answer. */
function handled(rows: readonly Judged[]): number {
  const answers = rows.filter(({ answer }) => answer !== OOS).sort((a, b) => b.confidence - a.confidence);
  let right = 0;
  let most = 0;
  answers.forEach((row, at) => {
    if (isRight(row)) right += 1;
    if (right >= PRECISION * (at + 1)) most = right;
  });
  return most;
}

/** How far confidence is from the share that is right, over bins of equal width. */
function calibrationError(rows: readonly Judged[]): number {
  return reliability(rows).reduce((sum, { count, right, confidence }) => {
    return sum + (count / rows.length) * Math.abs(right - confidence);
  }, 0);
}

/** Mean confidence and share of right answers for each bin of confidence that has any. */
export function reliability(rows: readonly Judged[]): { count: number; right: number; confidence: number }[] {
  return Array.from({ length: BINS }, (_, bin) => {
    const within = rows.filter(({ confidence }) => Math.min(BINS - 1, Math.floor(confidence * BINS)) === bin);
    const sum = within.reduce((total, { confidence }) => total + confidence, 0);
    return { count: within.length, right: share(within), confidence: sum / within.length };
  }).filter(({ count }) => count > 0);
}

/** Share of the answers given that is wrong, at each share given; `oos` is no answer. Surest first. */
export function riskCoverage(rows: readonly Judged[]): { coverage: number; risk: number }[] {
  const answers = rows.filter(({ answer }) => answer !== OOS).sort((a, b) => b.confidence - a.confidence);
  let wrong = 0;
  return answers.map((row, at) => {
    if (!isRight(row)) wrong += 1;
    return { coverage: (at + 1) / rows.length, risk: wrong / (at + 1) };
  });
}
