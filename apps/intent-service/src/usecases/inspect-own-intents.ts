import { OOS } from '../domain/evaluate.js';
import type { LinearModel } from '../domain/linear-model.js';
import { learnOwn, NONE } from '../domain/own/learn-own.js';
import type { OwnProblem } from '../domain/own/lint-own.js';
import type { OwnIntent } from '../domain/own/own-intent.js';
import { lessonsOf, OwnIntents } from '../domain/own/own-intents.js';

/** How well an own intent is told from everything else, on texts that were left out when it was learned. */
export interface OwnFigures {
  readonly intent: string;
  readonly examples: number;
  /** Share of right ones among the texts it claims with confidence; 1 when it claims none. */
  readonly precision: number;
  /** Share of its examples that it claims with confidence. */
  readonly recall: number;
}

/** What cross-validation says of own intents: problems that make them unusable, and warnings. */
export interface Inspection {
  readonly figures: readonly OwnFigures[];
  readonly problems: readonly OwnProblem[];
  readonly warnings: readonly OwnProblem[];
}

const FOLDS = 5;
/** The confidence from which content acts on an intent, unless it says otherwise. */
const CONFIDENT = 0.5;
/** An own intent that is wrong more often is worse than none. One wrong claim among few may be chance. */
const LEAST_PRECISION = 0.7;
const CHANCE = 1;
const LOW_PRECISION = 0.85;
/** Fewer of its own examples recognised: customers' words will hardly be, either. */
const LOW_RECALL = 0.3;
/** This share of the examples read as one other intent says that the two are one. An own one has few examples, so it takes less. */
const TOO_CLOSE = { builtIn: 0.5, own: 0.3 };

/** One own intent, and what became of texts when they were left out. */
interface Tally {
  readonly at: number;
  readonly own: OwnIntent;
  right: number;
  /** Texts it claimed wrongly. */
  readonly claimed: string[];
  /** What its examples were taken for instead. */
  readonly takenFor: Map<string, number>;
}

/** Learns own intents five times, each time without a fifth of the texts, and sees what becomes of those. */
export function inspectOwnIntents(
  intents: readonly OwnIntent[],
  contrast: readonly string[],
  model: LinearModel,
): Inspection {
  const tallies = intents.map((own, at): Tally => ({ at, own, right: 0, claimed: [], takenFor: new Map() }));
  crossValidate(tallies, contrast, model);
  const unlearned = OwnIntents.learn(intents, contrast, model);
  const figures = tallies.map(({ own, right, claimed }) => ({
    intent: own.intent,
    examples: own.examples.length,
    precision: right + claimed.length === 0 ? 1 : right / (right + claimed.length),
    recall: right / own.examples.length,
  }));
  return {
    figures,
    problems: tallies.flatMap((tally, at) => [...tooClose(tally, intents), ...imprecise(tally, figures[at])]),
    warnings: tallies.flatMap((tally, at) => [
      ...vague(tally, figures[at]),
      ...notUnderstood(tally, (text) => unlearned.classify(text, model)[0]?.label),
    ]),
  };
}

function crossValidate(tallies: readonly Tally[], contrast: readonly string[], model: LinearModel): void {
  const intents = tallies.map(({ own }) => own);
  const labels = intents.map(({ intent }) => intent);
  const texts = [...contrast, ...intents.flatMap(({ examples }) => examples)];
  const lessons = lessonsOf(intents, contrast);
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const isLeftOut = (_: unknown, at: number): boolean => at % FOLDS === fold;
    const learned = learnOwn(
      labels,
      lessons.filter((_, at) => !isLeftOut(_, at)),
      model,
    );
    lessons.forEach(({ features, given, label }, at) => {
      if (!isLeftOut(label, at)) return;
      const best = learned.beside(model, given, features)[0] ?? { label: OOS, probability: 1 };
      const tally = tallies[label];
      if (tally && tally.own.intent !== best.label) {
        tally.takenFor.set(best.label, (tally.takenFor.get(best.label) ?? 0) + 1);
      }
      const claiming = best.probability < CONFIDENT ? undefined : tallies[labels.indexOf(best.label)];
      if (claiming && claiming === tally) claiming.right += 1;
      else claiming?.claimed.push(label === NONE ? `"${texts[at]}"` : `"${texts[at]}" (${labels[label]})`);
    });
  }
}

function tooClose({ at, own, takenFor }: Tally, intents: readonly OwnIntent[]): OwnProblem[] {
  return [...takenFor].flatMap(([other, times]) => {
    const isOwn = intents.some(({ intent }) => intent === other);
    const limit = isOwn ? TOO_CLOSE.own : TOO_CLOSE.builtIn;
    if (other === OOS || times < own.examples.length * limit) return [];
    const many = `${times} of ${own.examples.length} examples are taken for "${other}" when they are left out`;
    const advice = isOwn
      ? 'make one intent of the two, or write examples in words that only one of them has'
      : `answer this in a flow for "${other}", or write examples in words that "${other}" does not have`;
    return [{ at, path: ['examples'], message: `"${own.intent}" is too close to "${other}": ${many}; ${advice}` }];
  });
}

function imprecise({ at, own, claimed }: Tally, figures?: OwnFigures): OwnProblem[] {
  if (!figures || figures.precision >= LEAST_PRECISION || claimed.length <= CHANCE) return [];
  return [{ at, path: ['examples'], message: claims(own, figures, claimed) }];
}

function vague({ at, own, claimed }: Tally, figures?: OwnFigures): OwnProblem[] {
  if (!figures) return [];
  const warnings: OwnProblem[] = [];
  const isRefused = figures.precision < LEAST_PRECISION && claimed.length > CHANCE;
  if (figures.precision < LOW_PRECISION && !isRefused) {
    warnings.push({ at, path: ['examples'], message: claims(own, figures, claimed) });
  }
  if (figures.recall < LOW_RECALL) {
    const message = `"${own.intent}" knows only ${percent(figures.recall)} of its examples when they are left out: write more that are alike, five or more in each language`;
    warnings.push({ at, path: ['examples'], message });
  }
  return warnings;
}

function notUnderstood({ at, own }: Tally, labelOf: (text: string) => string | undefined): OwnProblem[] {
  return own.examples.flatMap((text, nth): OwnProblem[] => {
    const label = labelOf(text);
    if (label === own.intent) return [];
    return [{ at, path: ['examples', nth], message: `"${text}" is still read as "${label}": say it in other words` }];
  });
}

const claims = ({ intent }: OwnIntent, { precision }: OwnFigures, claimed: readonly string[]): string =>
  `"${intent}" is right about ${percent(precision)} of what it claims; it also claims ${claimed.slice(0, 3).join(', ')}: write examples in words that only this wish has`;

const percent = (share: number): string => `${Math.round(share * 100)} %`;
