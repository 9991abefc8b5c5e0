import type { ArgumentDefinition, LanguageDefinition } from './content.js';
import { message } from './message-text.js';

interface Element {
  type: number;
  value?: unknown;
  options?: Record<string, { value: Element[] }>;
}

const LITERAL = 0;
const POUND = 7;

/** Longest text an ICU message can become in a language, with the longest plausible value of each argument. */
export function longestOf(
  text: string,
  language: LanguageDefinition,
  definitions: Record<string, ArgumentDefinition>,
): number {
  const lengths = new Map<string, number>();
  for (const [name, { phrase, longest }] of Object.entries(definitions)) {
    lengths.set(name, phrase === undefined ? (longest ?? '').length : longestPhrase(phrase, language));
  }
  return lengthOf(elementsOf(text, language), lengths);
}

function longestPhrase(name: string, language: LanguageDefinition): number {
  const digits = ['hour', 'hour2', 'hour12', 'minute'].map((part) => [part, 2] as const);
  const time = lengthOf(elementsOf(language.phrases.time ?? '', language), new Map(digits));
  const parts = new Map([
    ['date', longestDate(language.locale)],
    ['time', time],
  ]);
  return lengthOf(elementsOf(language.phrases[name] ?? '', language), parts);
}

const dates = new Map<string, number>();

function longestDate(locale: string): number {
  const known = dates.get(locale);
  if (known !== undefined) return known;
  const options = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  const format = new Intl.DateTimeFormat(`${locale}-u-nu-latn-ca-gregory`, options);
  // A year has every month with every weekday on a two-digit day.
  const days = Array.from({ length: 365 }, (_, day) => format.format(new Date(Date.UTC(2026, 0, 1 + day))).length);
  const longest = Math.max(...days);
  dates.set(locale, longest);
  return longest;
}

const elementsOf = (text: string, { locale }: LanguageDefinition): Element[] => message(text, locale).getAst();

function lengthOf(elements: Element[], lengths: ReadonlyMap<string, number>): number {
  return elements.reduce((sum, element) => sum + elementLength(element, lengths), 0);
}

function elementLength({ type, value, options }: Element, lengths: ReadonlyMap<string, number>): number {
  if (type === LITERAL) return String(value).length;
  // No count in a chat has more digits than a price.
  if (type === POUND) return 7;
  if (options === undefined) return lengths.get(String(value)) ?? 0;
  return Math.max(...Object.values(options).map((option) => lengthOf(option.value, lengths)));
}
