import { IntlMessageFormat } from 'intl-messageformat';
import { wallClock } from './wall-clock.js';
import type { LanguageDefinition } from './content.js';

/** What a text may use: argument name -> value. */
export type TextValues = Record<string, string | number | boolean | Date>;

const parsed = new Map<string, IntlMessageFormat>();

/** Formats an ICU text. Digits are ASCII in every language. Throws when an argument is missing. */
export function formatText(text: string, locale: string, values: TextValues): string {
  return plainSpaces(String(message(text, locale).format(values)));
}

/** Parses an ICU text, or throws. */
export function message(text: string, locale: string): IntlMessageFormat {
  const key = `${locale}\n${text}`;
  const known = parsed.get(key);
  if (known !== undefined) return known;
  const fresh = new IntlMessageFormat(text, `${locale}-u-nu-latn`, undefined, { ignoreTag: true });
  parsed.set(key, fresh);
  return fresh;
}

/**
 * Words an instant by a phrase of the language, as seen from now: "today by 4 PM". The phrase gets `day` (today, tomorrow,
 * yesterday, other), `date`, `time`, `hour` and `timed` (false at midnight, which stands for "some time that day").
 */
export function wordTime(
  instant: Date,
  phrase: string,
  language: LanguageDefinition,
  at: { zone: string; now: Date },
): string {
  const clock = wallClock(instant, at.zone);
  const today = wallClock(at.now, at.zone);
  const text = language.phrases[phrase];
  if (text === undefined) throw new Error(`language ${language.language} has no phrase ${phrase}`);
  return formatText(text, language.locale, {
    day: DAYS.get(clock.dayNumber - today.dayNumber) ?? 'other',
    date: dateText(instant, language.locale, at.zone, clock.year !== today.year),
    time: timeText(clock, language),
    hour: String(clock.hour),
    timed: clock.hour !== 0 || clock.minute !== 0,
  });
}

const DAYS = new Map([
  [-1, 'yesterday'],
  [0, 'today'],
  [1, 'tomorrow'],
]);

function timeText(clock: { hour: number; minute: number }, language: LanguageDefinition): string {
  return formatText(language.phrases.time ?? '', language.locale, {
    hour: String(clock.hour),
    hour2: String(clock.hour).padStart(2, '0'),
    hour12: String(clock.hour % 12 === 0 ? 12 : clock.hour % 12),
    minute: String(clock.minute).padStart(2, '0'),
    full: clock.minute === 0,
    half: clock.hour < 12 ? 'am' : 'pm',
    part: partOfDay(clock.hour),
  });
}

function partOfDay(hour: number): string {
  if (hour < 4) return 'night';
  if (hour < 12) return 'morning';
  if (hour < 16) return 'noon';
  return hour < 20 ? 'evening' : 'night';
}

const dates = new Map<string, Intl.DateTimeFormat>();

function dateText(instant: Date, locale: string, zone: string, withYear: boolean): string {
  const key = `${locale} ${zone} ${withYear}`;
  let format = dates.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(`${locale}-u-nu-latn-ca-gregory`, {
      timeZone: zone,
      weekday: 'long',
      day: 'numeric',
      month: 'long',
      ...(withYear ? { year: 'numeric' } : {}),
    });
    dates.set(key, format);
  }
  return plainSpaces(format.format(instant));
}

// Intl puts narrow and no-break spaces where people type plain ones; searching a chat for "4 PM" must find it.
const plainSpaces = (text: string): string => text.replaceAll(/[\u00a0\u202f\u2009]/g, ' ');
