import { LONGEST_MASK, MASK, type OwnNumber } from '../entities/own-numbers.js';
import { asWords, MOST_WORDS } from './synonyms.js';
import type { OwnIntent } from './own-intent.js';

/** Something wrong with own intents: which of them, where in it, and what to do. */
export interface OwnProblem {
  readonly at: number;
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Types whose numbers may be digits and nothing else, since a business's orders often are. */
const DIGITS_WILL_DO = new Set(['order_number']);
/** A shape of fewer digits and letters is one of many other things, too. */
const LEAST_SIGNS = 3;

/** Everything wrong with own intents that can be seen without learning them. @param builtIn intents the model has */
export function lintOwn(intents: readonly OwnIntent[], builtIn: readonly string[]): OwnProblem[] {
  return [...lintNames(intents, builtIn), ...lintExamples(intents), ...lintSynonyms(intents), ...lintNumbers(intents)];
}

function lintNames(intents: readonly OwnIntent[], builtIn: readonly string[]): OwnProblem[] {
  return intents.flatMap(({ intent }, at) => {
    const problem = (message: string): OwnProblem[] => [{ at, path: ['intent'], message }];
    if (builtIn.includes(intent)) {
      return problem(`"${intent}" is an intent that Parley has: write a flow for it, or choose another name`);
    }
    const twice = intents.findIndex((other) => other.intent === intent) !== at;
    return twice ? problem(`intent "${intent}" exists twice: rename one, or put the examples into one file`) : [];
  });
}

function lintExamples(intents: readonly OwnIntent[]): OwnProblem[] {
  const known = new Map<string, { intent: string; text: string }>();
  return intents.flatMap(({ intent, examples }, at) =>
    examples.flatMap((text, nth): OwnProblem[] => {
      const problem = (message: string): OwnProblem[] => [{ at, path: ['examples', nth], message }];
      const words = asWords(text);
      if (!/\p{L}/u.test(words)) return problem(`"${text}" has no words: an example is what a customer writes`);
      const same = known.get(words);
      if (!same) {
        known.set(words, { intent, text });
        return [];
      }
      if (same.intent === intent) return problem(`"${text}" is there already ("${same.text}"): write another example`);
      return problem(
        `"${text}" is an example of "${same.intent}" too: a message means one of them, so remove it from the other`,
      );
    }),
  );
}

function lintSynonyms(intents: readonly OwnIntent[]): OwnProblem[] {
  const all = intents.flatMap(({ synonyms }, at) =>
    Object.entries(synonyms).flatMap(([word, others]) => others.map((other, nth) => ({ at, word, other, nth }))),
  );
  const owners = new Map<string, string>();
  const words = new Set(all.map(({ word }) => asWords(word)));
  return all.flatMap(({ at, word, other, nth }): OwnProblem[] => {
    const problem = (message: string): OwnProblem[] => [{ at, path: ['synonyms', word, nth], message }];
    const key = asWords(other);
    if (key === '') return problem(`"${other}" has no words: remove it`);
    if (key.split(' ').length > MOST_WORDS) return problem(`"${other}" has more than ${MOST_WORDS} words: shorten it`);
    if (key === asWords(word)) return problem(`"${other}" is the same word as "${word}": remove it`);
    if (words.has(key)) return problem(`"${other}" has synonyms of its own: put all of them under one word`);
    const owner = owners.get(key);
    owners.set(key, owner ?? word);
    if (owner === undefined) return [];
    const where = owner === word ? 'twice' : `under "${owner}" too`;
    return problem(`"${other}" is ${where}: a word is read as one other word, so remove one`);
  });
}

function lintNumbers(intents: readonly OwnIntent[]): OwnProblem[] {
  const taken = new Map<string, string>();
  return intents.flatMap(({ intent, numbers }, at) =>
    numbers.flatMap(({ type, masks }, nth) => {
      const own = taken.get(type) ?? intent;
      taken.set(type, own);
      const twice: OwnProblem[] =
        own === intent
          ? []
          : [{ at, path: ['numbers', nth, 'type'], message: `"${type}" belongs to "${own}": choose another type` }];
      return [...twice, ...masks.flatMap((mask, place) => lintMask({ type, masks }, mask, place, { at, nth }))];
    }),
  );
}

function lintMask(
  { type, masks }: OwnNumber,
  mask: string,
  place: number,
  { at, nth }: { at: number; nth: number },
): OwnProblem[] {
  const problem = (message: string): OwnProblem[] => [{ at, path: ['numbers', nth, 'masks', place], message }];
  const help =
    '0 is a digit, a is a letter; capitals, 1 to 9 and single - / . or spaces between them are themselves, as in AB-0000';
  if (!MASK.test(mask) || mask.length > LONGEST_MASK) return problem(`"${mask}" is not a mask: ${help}`);
  if (mask.replace(/[-/. ]/g, '').length < LEAST_SIGNS || !/[01-9]/.test(mask)) {
    return problem(
      `"${mask}" is the shape of too many other things: a number has at least ${LEAST_SIGNS} signs and a digit`,
    );
  }
  if (!/[A-Za]/.test(mask) && !DIGITS_WILL_DO.has(type)) {
    return problem(
      `"${mask}" is the shape of order numbers and phones, too: only masks with letters tell "${type}" from them`,
    );
  }
  return masks.indexOf(mask) === place ? [] : problem(`"${mask}" is there twice: remove one`);
}
