import { scoreSpans, type Span, type SpanScore } from '../domain/evaluate-spans.js';
import { scoreIntents, type IntentScores, type Judged } from '../domain/evaluate.js';
import { noisy } from '../domain/noise.js';
import { Random } from '../domain/random.js';
import type { ParseMessage } from './parse-message.js';

/** A labelled text; what is not labelled is not scored. */
export interface Labelled {
  text: string;
  language: string;
  intent?: string;
  entities?: readonly Span[];
}

/** What the parser made of labelled texts. */
export interface Evaluation {
  intents?: IntentScores;
  /** Accuracy in scope that is lost when the same texts are typed in a hurry. */
  lostToNoise?: number;
  /** Accuracy in scope by language. */
  byLanguage: Record<string, number>;
  spans: SpanScore[];
  /** Share of the languages recognised, where only they are labelled. */
  languages?: number;
  judged: Judged[];
  msPerText: number;
}

/** The figures that are shown, in their order, with what they are. */
export const FIGURES: readonly [keyof IntentScores, string][] = [
  ['accuracy', 'accuracy in scope, out of scope competing'],
  ['macroF1', 'macro-F1'],
  ['oosRecall', 'out of scope recognised'],
  ['oosAuroc', 'AUROC of confidence, in against out of scope'],
  ['handledAt90', 'handled where answers must be right 90 % of the time'],
  ['nonEnglish', 'accuracy in scope, other than English'],
  ['ece', 'calibration error (ECE)'],
];

const NOISE_SEED = 11;

/** Parses each text by itself, without context or hint, and compares. */
export function evaluateParser(parser: ParseMessage, rows: readonly Labelled[]): Evaluation {
  const began = performance.now();
  const answers = rows.map(({ text }) => parser.run({ text }));
  const msPerText = (performance.now() - began) / Math.max(rows.length, 1);
  const judged = judge(rows, (at) => answers[at]);
  const inScope = judged.filter(({ intent }) => intent !== 'oos');
  const byLanguage = Object.groupBy(inScope, ({ language }) => language);
  return {
    ...(judged.length > 0 ? { intents: scoreIntents(judged), lostToNoise: lostToNoise(parser, rows, judged) } : {}),
    byLanguage: Object.fromEntries(
      Object.entries(byLanguage).map(([language, own = []]) => [language, accuracyOf(own)]),
    ),
    spans: scoreSpans(
      rows.flatMap(({ entities }, at) => (entities ? [{ marked: entities, found: answers[at]?.entities ?? [] }] : [])),
    ),
    ...(judged.length > 0 ? {} : { languages: languagesRight(rows, answers) }),
    judged,
    msPerText,
  };
}

function judge(
  rows: readonly Labelled[],
  answer: (at: number) => { intent: string; confidence: number } | undefined,
): Judged[] {
  return rows.flatMap(({ language, intent }, at) => {
    const given = answer(at);
    return intent === undefined || !given
      ? []
      : [{ language, intent, answer: given.intent, confidence: given.confidence }];
  });
}

const accuracyOf = (rows: readonly Judged[]): number =>
  rows.filter(({ intent, answer }) => intent === answer).length / rows.length;

function lostToNoise(parser: ParseMessage, rows: readonly Labelled[], clean: readonly Judged[]): number {
  const random = new Random(NOISE_SEED);
  const typed = rows.map(({ text }) => parser.run({ text: noisy(text, random) }));
  const inScope = (all: readonly Judged[]): Judged[] => all.filter(({ intent }) => intent !== 'oos');
  return accuracyOf(inScope(clean)) - accuracyOf(inScope(judge(rows, (at) => typed[at])));
}

function languagesRight(rows: readonly Labelled[], answers: readonly { language: string }[]): number {
  const right = rows.filter(({ language }, at) => language.split('-')[0] === answers[at]?.language).length;
  return right / Math.max(rows.length, 1);
}
