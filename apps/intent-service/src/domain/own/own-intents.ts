import { OwnNumbers } from '../entities/own-numbers.js';
import { intentFeatures } from '../features.js';
import type { LinearModel, Scored } from '../linear-model.js';
import { learnOwn, NONE, type OwnLesson } from './learn-own.js';
import type { OwnIntent } from './own-intent.js';
import type { OwnModel } from './own-model.js';
import { Synonyms } from './synonyms.js';

/** What a business has taught the parser, learned. */
export class OwnIntents {
  readonly numbers: OwnNumbers;
  readonly #byNumber: ReadonlyMap<string, string>;

  private constructor(
    readonly intents: readonly OwnIntent[],
    private readonly read: Read,
    private readonly learned: OwnModel | undefined,
  ) {
    this.numbers = numbersOf(intents);
    this.#byNumber = new Map(intents.flatMap(({ intent, numbers }) => numbers.map(({ type }) => [type, intent])));
  }

  /** Nothing of its own: everything is read as the model reads it. */
  static readonly NONE = new OwnIntents([], (text) => text, undefined);

  /** @param contrast texts that mean none of them */
  static learn(intents: readonly OwnIntent[], contrast: readonly string[], model: LinearModel): OwnIntents {
    if (intents.length === 0) return OwnIntents.NONE;
    const labels = intents.map(({ intent }) => intent);
    const learned = learnOwn(labels, lessonsOf(intents, contrast), model);
    return new OwnIntents(intents, readerOf(intents), learned);
  }

  /** All intents with their probabilities, the likeliest first. */
  classify(text: string, model: LinearModel): Scored[] {
    const features = intentFeatures(text);
    if (!this.learned) return model.classify(features);
    const read = this.read(text);
    return this.learned.beside(model, features, read === text ? features : intentFeatures(read));
  }

  /** The intent that numbers of this type belong to. */
  intentOf(type: string): string | undefined {
    return this.#byNumber.get(type);
  }
}

/** What is learned from: the examples as their own intents, the rest as none of them. */
export function lessonsOf(intents: readonly OwnIntent[], contrast: readonly string[]): OwnLesson[] {
  const readAs = readerOf(intents);
  const lesson = (text: string, label: number): OwnLesson => {
    const read = readAs(text);
    const given = intentFeatures(text);
    return { features: read === text ? given : intentFeatures(read), given, label };
  };
  return [
    ...contrast.map((text) => lesson(text, NONE)),
    ...intents.flatMap(({ examples }, label) => examples.map((text) => lesson(text, label))),
  ];
}

/** How the business's own intents read a text, where that is another text. */
type Read = (text: string) => string;

function readerOf(intents: readonly OwnIntent[]): Read {
  const synonyms = new Synonyms(intents);
  const numbers = numbersOf(intents);
  return (text) => synonyms.read(numbers.asWords(text));
}

function numbersOf(intents: readonly OwnIntent[]): OwnNumbers {
  return new OwnNumbers(intents.flatMap(({ numbers }) => numbers));
}
