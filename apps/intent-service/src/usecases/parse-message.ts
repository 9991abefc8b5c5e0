import { languagesNamedIn, ratingIn } from '../domain/answers.js';
import { extractEntities, type Entity, type EntityOptions } from '../domain/entities.js';
import { expecting } from '../domain/expectation.js';
import { wordKeys } from '../domain/features.js';
import { languageOf, plainWords, type Detector } from '../domain/language.js';
import type { LinearModel } from '../domain/linear-model.js';
import { OwnIntents } from '../domain/own/own-intents.js';
import { commandOf } from '../domain/words.js';

/** One message to understand. */
export interface Question {
  text: string;
  languageHint?: string;
  /** What was last asked in the dialog: a slot name, "confirm" or "rating". */
  context?: string;
}

/** What it was understood as. */
export interface Answer {
  intent: string;
  confidence: number;
  alternatives: { intent: string; confidence: number }[];
  entities: Entity[];
  language: string;
  languageCertain: boolean;
}

const ALTERNATIVES = 3;
/** A label is only worth naming as another reading when it is not mere noise. */
const WORTH_NAMING = 0.02;
/** A number alone is about tracking, and "Deutsch" a wish for it, only in so far as hardly anybody means anything else. */
const BARE_CONFIDENCE = 0.9;
const COMMAND_CONFIDENCE = 0.99;
/** WhatsApp allows 4,096 characters; nobody's wish needs more than the first thousand to be understood. */
const LONGEST = 1000;

/** Understands one message: command words, entities, language, intent. Keeps nothing between calls. */
export class ParseMessage {
  constructor(
    private readonly intents: LinearModel,
    private readonly languages: LinearModel,
    private readonly detector: Detector,
    private readonly options: EntityOptions = {},
    /** What the business has taught beside the model, as it is at the moment. */
    private readonly own: { readonly current: OwnIntents } = { current: OwnIntents.NONE },
  ) {}

  run({ text, context }: Question): Answer {
    const own = this.own.current;
    const entities = extractEntities(text, { ...this.options, numbers: own.numbers });
    const short = text.slice(0, LONGEST);
    const { language, certain } = languageOf(plainWords(short, entities), this.languages, this.detector);
    const written = { language, languageCertain: certain };
    const command = commandOf(short);
    if (command) return { intent: command, confidence: COMMAND_CONFIDENCE, alternatives: [], entities, ...written };
    const bare = bareAnswer(short, entities, context) ?? bareOwnNumber(short, entities, own);
    if (bare) return { ...bare, alternatives: [], ...written };
    const scored = expecting(own.classify(short, this.intents), context).map(({ label, probability }) => ({
      intent: label,
      confidence: probability,
    }));
    const [best = { intent: 'oos', confidence: 1 }, ...others] = scored;
    const alternatives = others.slice(0, ALTERNATIVES).filter(({ confidence }) => confidence >= WORTH_NAMING);
    return { ...best, alternatives, entities: [...entities, ...meantBy(best.intent, short)], ...written };
  }

  /** How many words a text has, and how many of them the model has never learned: a share that grows says that customers change. */
  wordsOf({ text }: Pick<Question, 'text'>): { words: number; unknown: number } {
    const keys = wordKeys(text.slice(0, LONGEST));
    return { words: keys.length, unknown: this.intents.unknown(keys) };
  }
}

/** What only the intent gives a meaning: a 5 is a grade, and the name of a language a wish, in some messages and not in others. */
function meantBy(intent: string, text: string): Entity[] {
  if (intent === 'csat_rating') return ratingIn(text);
  return intent === 'language_change' ? languagesNamedIn(text) : [];
}

/** A number or the name of a language and nothing else says what it is for by itself. */
function bareAnswer(
  text: string,
  entities: Entity[],
  context: string | undefined,
): Pick<Answer, 'intent' | 'confidence' | 'entities'> | undefined {
  const number = entities.find(({ type }) => type === 'order_number');
  if (number && nothingBut(text, number)) {
    const confidence = context === 'order' ? COMMAND_CONFIDENCE : BARE_CONFIDENCE;
    return { intent: 'track_order', confidence, entities };
  }
  const [language] = languagesNamedIn(text);
  if (!language || !nothingBut(text, language)) return undefined;
  return { intent: 'language_change', confidence: BARE_CONFIDENCE, entities: [...entities, language] };
}

/** A number of the business's own says which of its own intents it is for. */
function bareOwnNumber(
  text: string,
  entities: Entity[],
  own: OwnIntents,
): Pick<Answer, 'intent' | 'confidence' | 'entities'> | undefined {
  const number = entities.find((entity) => own.intentOf(entity.type) !== undefined && nothingBut(text, entity));
  const intent = number && own.intentOf(number.type);
  return intent === undefined ? undefined : { intent, confidence: BARE_CONFIDENCE, entities };
}

/** "1234", "#1234", "¿Español?": nothing else is worth reading. */
function nothingBut(text: string, { start, end }: Entity): boolean {
  return !/[\p{L}\p{N}]/u.test(text.slice(0, start) + text.slice(end));
}
