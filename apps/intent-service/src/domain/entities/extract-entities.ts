import { amountsIn, cardsIn } from './amounts.js';
import { codesIn } from './codes.js';
import { emailsIn, phonesIn } from './contacts.js';
import { datesIn } from './dates.js';
import { NOTHING, overlap, type Entity, type Found } from './entity.js';
import { measuresIn, quantitiesIn } from './measures.js';
import type { OwnNumbers } from './own-numbers.js';
import { peopleIn } from './people.js';
import { postalCodesIn } from './postal-codes.js';
import { productsIn, type Gazetteer } from './products.js';
import { Reading } from './reading.js';
import { spelledIn } from './spelled.js';
import { timesIn } from './times.js';
import { asciiDigits } from '../normalise.js';

/** What a business knows that its messages do not say. */
export interface EntityOptions {
  /** ISO 3166 code of the country whose phones are written without a prefix. */
  readonly country?: string;
  /** Shapes of the business's own article numbers, anchored, for upper case. */
  readonly skus?: readonly RegExp[];
  /** Numbers with shapes of its own. */
  readonly numbers?: OwnNumbers;
  /** Names of what it sells. */
  readonly products?: Gazetteer;
  /** What "tomorrow" counts from. */
  readonly now?: Date;
}

/** WhatsApp allows this many characters; what lies beyond is nobody's message, and patterns must not run over it. */
const LONGEST = 4096;
/** No message needs more; a text made of numbers must not make the comparison of all with all expensive. */
const MOST = 400;

/** Finds what flows need, first the strongest of each type, and by position among equals. */
export function extractEntities(original: string, options: EntityOptions = {}): Entity[] {
  // Digits of other scripts in the Basic Multilingual Plane are one unit long, so offsets stay.
  const text = asciiDigits(original.slice(0, LONGEST));
  const reading = new Reading(text);
  const found = [
    ...emailsIn(reading),
    ...cardsIn(reading),
    ...amountsIn(reading),
    ...measuresIn(reading),
    ...quantitiesIn(reading),
    ...phonesIn(reading, options.country),
    ...postalCodesIn(reading),
    ...datesIn(reading, options.now ?? new Date()),
    ...timesIn(reading),
    ...spelledIn(reading),
    ...codesIn(reading, options.skus ?? []),
    ...(options.numbers?.in(reading) ?? []),
    ...peopleIn(reading),
    ...(options.products ? productsIn(reading, options.products) : []),
  ];
  return decided(found)
    .filter(({ type }) => type !== NOTHING)
    .sort((a, b) => (a.type === b.type ? b.strength - a.strength || a.start - b.start : a.start - b.start))
    .map(({ type, value, start, end }) => ({ type, text: original.slice(start, end), value, start, end }));
}

/** Of pieces that overlap the strongest stays, and the longest of equally strong ones. */
function decided(found: readonly Found[]): Found[] {
  const kept: Found[] = [];
  const strongest = [...found].sort(
    (a, b) => b.strength - a.strength || b.end - b.start - (a.end - a.start) || a.start - b.start,
  );
  for (const each of strongest.slice(0, MOST)) if (!kept.some((other) => overlap(each, other))) kept.push(each);
  return kept;
}
