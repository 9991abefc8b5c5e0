import { de, en, es, fr, pt } from 'chrono-node';
import { NEEDS_DAY, PHRASES, WORDS, type DateWord, type Tongue } from './date-words.js';
import { spansOf, STRENGTH, type Found, type Span } from './entity.js';
import { Vocabulary, type Reading, type Word } from './reading.js';

const CHRONOS = { de, en, es, fr, pt };
/** 2026-11-22, 22/11/2026, 22.11.26, 20.6., 24/05. */
const NUMERIC =
  /(?<![\p{L}\d/.,#-])(?:(\d{4})([-/.])(\d{1,2})\2(\d{1,2})|(\d{1,2})([/.-])(\d{1,2})\6(\d{4}|\d{2})|(\d{1,2})\/(\d{1,2})|(\d{1,2})\.(1[0-2]|0?[1-9])\.)(?![\p{L}\d/-]|\.\d)/gu;
/** "the 16th", "le 10", "dia 5", "am 3.", "10 तारीख", "tanggal 5". */
const DAY_OF_MONTH =
  /(?<![\p{L}\p{M}\d])(?:(?:the|on) (\d{1,2}(?:st|nd|rd|th))|(?:dia|día) (\d{1,2})|(?:tanggal|tgl) (\d{1,2})|(\d{1,2}) ?(?:तारीख|tarikh|tareekh)|(?:le|du) (\d{1,2}|1er)|(?:am|vom|zum) (\d{1,2})\.|(\d{1,2}(?:st|nd|rd|th)))(?![\p{L}\p{M}\d]|[:.,/-]\d| ?(?:h|heures?|euros?|uhr|€|fois)(?!\p{L}))/giu;
/** "in 3 days", "dentro de 3 días", "3 gün sonra". */
const AHEAD =
  /(?<![\p{L}\p{M}\d])(?:(?:in|en|em|dans|tra|fra) (\d{1,3}) (?:days?|d[ií]as?|jours?|tagen|giorni)|dentro de (\d{1,3}) d[ií]as?|(\d{1,3}) days from (?:now|today)|(\d{1,3}) (?:gün sonra|hari lagi|din baad|दिन बाद))(?![\p{L}\p{M}\d])/giu;
const DAY = 86_400_000;
const ORDINAL = /^(\d{1,2})(?:st|nd|rd|th|er|º|ª)?$/;
const AROUND = 40;

const pad = (number: number): string => String(number).padStart(2, '0');
const iso = (date: Date): string => date.toISOString().slice(0, 10);

/** A day of a month as ISO has it: in the year it says, else in the one that brings it nearest to now. */
function dateOf(day: number, month: number, year: string | undefined, now: Date): string | undefined {
  if (month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  if (year) return `${year.length === 2 ? `20${year}` : year}-${pad(month)}-${pad(day)}`;
  const years = [-1, 0, 1].map((offset) => now.getUTCFullYear() + offset);
  const [nearest = 0] = years.sort((a, b) => away(a, month, day, now) - away(b, month, day, now));
  return `${nearest}-${pad(month)}-${pad(day)}`;
}

const away = (year: number, month: number, day: number, now: Date): number =>
  Math.abs(Date.UTC(year, month - 1, day) - now.getTime());
const after = (days: number, now: Date): string => iso(new Date(now.getTime() + days * DAY));

function found({ start, end }: Span, value: string | undefined, strength: number): Found[] {
  return value ? [{ type: 'date', start, end, value, strength }] : [];
}

/** Dates: in digits, with names of months and weekdays of ten languages, and counted from today. */
export function datesIn(reading: Reading, now: Date): Found[] {
  const { text } = reading;
  const numeric = /\d/.test(text) ? inDigits(text, now) : [];
  const own = reading.words.flatMap((_, at) => fromWord(reading, at, now));
  return [...numeric, ...own];
}

function inDigits(text: string, now: Date): Found[] {
  const dates = spansOf(NUMERIC, text).flatMap((span) => {
    const [, y, , m, d, first, , second, year, f, s, day, month] = span.groups;
    if (y) return found(span, dateOf(Number(d), Number(m), y, now), STRENGTH.shaped);
    const [one, other] = [Number(first ?? f ?? day), Number(second ?? s ?? month)];
    // Most of the world puts the day first; where that is impossible it is the other way round.
    const value = other > 12 ? dateOf(other, one, year, now) : dateOf(one, other, year, now);
    const short =
      f !== undefined &&
      (one > 31 || other > 31 || (one <= 10 && (other === 5 || other === 10) && !/^0/.test(s ?? '')));
    return short ? [] : found(span, value, STRENGTH.shaped);
  });
  const days = spansOf(DAY_OF_MONTH, text).flatMap((span) => {
    const written = span.groups.slice(1).find(Boolean) ?? '';
    const month = now.getUTCMonth() + 1;
    const start = span.start + Math.max(span.groups[0].toLowerCase().indexOf(written.toLowerCase()), 0);
    const isWhole = /^(?:dia|día|tanggal|tgl|\d+ ?(?:त|t))/i.test(span.groups[0]);
    const place = isWhole ? span : { start, end: start + written.length };
    return found(place, dateOf(Number.parseInt(written, 10), month, undefined, now), STRENGTH.nearlyNamed + 5);
  });
  const ahead = spansOf(AHEAD, text).flatMap((span) =>
    found(span, after(Number(span.groups.slice(1).find(Boolean)), now), STRENGTH.money + 1),
  );
  return [...dates, ...days, ...ahead];
}

function fromWord(reading: Reading, at: number, now: Date): Found[] {
  const word = reading.words[at];
  if (!word) return [];
  const phrase = PHRASES.get(word.word)?.find(({ words }) =>
    words.every((each, nth) => reading.words[at + nth]?.word === each),
  );
  if (phrase)
    return found(
      { start: word.start, end: reading.words[at + phrase.words.length - 1]?.end ?? word.end },
      after(phrase.days, now),
      STRENGTH.counted + 1,
    );
  const meaning = WORDS.get(word.word);
  if (!meaning || isAnother(reading, at)) return [];
  const own = meaning.month ? ofMonth(reading, at, meaning.month, now) : ofDay(reading, at, meaning, now);
  const library =
    meaning.tongue && isMore(reading, at) && (meaning.month ?? meaning.weekday) !== undefined
      ? byLibrary(reading, word, meaning.tongue, now)
      : [];
  return [...own, ...library];
}

/** "Hier" is yesterday in French and here in German; Black Friday is no day of this week. */
const GERMAN = new Vocabulary('ich ist im und der die das bin sind auf wir am bei ihr mein meine nicht');
function isAnother(reading: Reading, at: number): boolean {
  const word = reading.words[at]?.word;
  return (
    (word === 'hier' && reading.mentions(GERMAN)) || (word === 'friday' && reading.words[at - 1]?.word === 'black')
  );
}

/** What makes of an ordinal a day in Portuguese: "na sexta", "sexta-feira". */
const BEFORE_DAYS = new Vocabulary('na nesta ate essa proxima pra toda');

function ofDay({ words }: Reading, at: number, { weekday, days }: DateWord, now: Date): Found[] {
  const word = words[at];
  if (!word) return [];
  if (days !== undefined) return found(word, after(days, now), STRENGTH.counted);
  if (weekday === undefined) return [];
  const next = words[at + 1];
  const whole = next?.word === 'feira' && next.start - word.end === 1 ? { start: word.start, end: next.end } : word;
  if (NEEDS_DAY.has(word.word) && whole === word && !BEFORE_DAYS.has(words[at - 1]?.word ?? '')) return [];
  return found(whole, after((weekday - now.getUTCDay() + 7) % 7 || 7, now), STRENGTH.counted);
}

/** "5 May 2026", "May 5th, 2026", "5 de mayo de 2026", "5. Mai", "5 मई", and "April" alone. */
function ofMonth(reading: Reading, at: number, month: number, now: Date): Found[] {
  const { words, text } = reading;
  const gap = (from: number, to: number): string => text.slice(words[from]?.end, words[to]?.start);
  const day = (nth: number): number => Number(ORDINAL.exec(words[nth]?.word ?? '')?.[1] ?? Number.NaN);
  const joins = (from: number, to: number): boolean => /^[ .,]{0,2}$/.test(gap(from, to));
  const de = (nth: number): boolean => ['de', 'of'].includes(words[nth]?.word ?? '');
  const first = de(at - 1) && day(at - 2) ? at - 2 : day(at - 1) && joins(at - 1, at) ? at - 1 : at;
  const second = first === at && day(at + 1) && joins(at, at + 1) ? at + 1 : at;
  const dayAt = first === at ? second : first;
  const number = day(dayAt);
  const yearAt = de(second + 1) || words[second + 1]?.word === 'del' ? second + 2 : second + 1;
  const hasYear =
    /^(?:19|20)\d\d$/.test(words[yearAt]?.word ?? '') &&
    /^[ ,.]{1,2}(?:del? )?$/.test(text.slice(words[second]?.end, words[yearAt]?.start));
  const last = hasYear ? yearAt : second;
  const span = { start: words[weekdayBefore(reading, first)]?.start ?? 0, end: words[last]?.end ?? 0 };
  if (number >= 1)
    return found(span, dateOf(number, month, hasYear ? words[yearAt]?.word : undefined, now), STRENGTH.money + 1);
  if (NEEDS_DAY.has(words[at]?.word ?? '')) return [];
  const value = dateOf(1, month, hasYear ? words[yearAt]?.word : undefined, now)?.slice(0, 7);
  return found(span, value, STRENGTH.counted);
}

/** Where a day of the week begins that belongs to a date: "Tuesday, the 11th of September", "lunes 5 de junio". */
function weekdayBefore({ words, text }: Reading, first: number): number {
  const at = ['the', 'el', 'le', 'der', 'den', 'dem'].includes(words[first - 1]?.word ?? '') ? first - 2 : first - 1;
  const isWeekday = WORDS.get(words[at]?.word ?? '')?.weekday !== undefined;
  return isWeekday && /^[ ,.]{1,3}(?:\p{L}{2,3} )?$/u.test(text.slice(words[at]?.end, words[first]?.start))
    ? at
    : first;
}

/** Words that make more of a month or a weekday than the tables know. */
const MORE =
  new Vocabulary(`next last this coming past following week proximo próxima proximo pasado pasada que viene vem passado passada próximo prochain prochaine
  dernier dernière nächsten nächster nächste kommenden letzten letzte letzter diesen diese`);

/** The library takes long, so it is asked where a number or such a word is near, and not for a text made of weekdays. */
function isMore({ words }: Reading, at: number): boolean {
  const near = [at - 2, at - 1, at + 1, at + 2].map((nth) => words[nth]?.word ?? '');
  return words.length < 120 && near.some((word) => MORE.has(word) || /^\d{1,2}(?:st|nd|rd|th)?$/.test(word));
}

/** What the library makes of the words around a month or a weekday: it knows "next friday" and "friday 5 june 2026". */
function byLibrary({ text }: Reading, word: Word, tongue: Tongue, now: Date): Found[] {
  const from = Math.max(0, word.start - AROUND);
  const around = text.slice(from, word.end + AROUND);
  return CHRONOS[tongue].parse(around, now).flatMap(({ index, text: written, start }) => {
    const trimmed = written.replace(/^(?:on|le|el|am|em|no|en|the) /i, '').replace(/[\s,.;]+$/, '');
    const begins = from + index + written.indexOf(trimmed);
    const place = { start: begins, end: begins + trimmed.length };
    const covers =
      place.start <= word.start && place.end >= word.end && place.end - place.start > word.end - word.start;
    if (!covers || start.isCertain('hour') || (NEEDS_DAY.has(word.word) && !/\d/.test(trimmed))) return [];
    return found(
      place,
      iso(new Date(Date.UTC(start.get('year') ?? 0, (start.get('month') ?? 1) - 1, start.get('day') ?? 1))),
      STRENGTH.money,
    );
  });
}
