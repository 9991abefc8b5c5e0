import type { Random } from './random.js';
import type { Mark, Utterance } from './utterance.js';

const LETTERS = [...'ABCDEFGHJKLMNPRSTUVWXYZ'];
const NAMES = ['Amira', 'Anna', 'Bruno', 'Chen', 'Divya', 'Elif', 'Fatima', 'João', 'Lena', 'Marco', 'Priya', 'Tomás'];

const digits = (random: Random, count: number): string =>
  Array.from({ length: count }, (_, at) => String(at === 0 ? 1 + random.below(9) : random.below(10))).join('');
const letters = (random: Random, count: number): string =>
  Array.from({ length: count }, () => random.of(LETTERS)).join('');

/** Numbers of all the shapes businesses use, so that no single one is learned by heart. */
const SHAPES: Record<string, ((random: Random) => string)[]> = {
  order_number: [
    (random) => digits(random, 3 + random.below(7)),
    (random) => `#${digits(random, 4 + random.below(3))}`,
    (random) => `${letters(random, 2)}-${digits(random, 5)}`,
    (random) => `${letters(random, 3)}/20${20 + random.below(10)}/${digits(random, 4)}`,
    (random) => `${digits(random, 2)}-${letters(random, 1)}`,
  ],
  invoice_number: [(random) => `INV-${digits(random, 5)}`, (random) => `${letters(random, 1)}${digits(random, 6)}`],
  tracking_number: [
    (random) => `1Z${digits(random, 9)}${digits(random, 7)}`,
    (random) => `${letters(random, 2)}${digits(random, 9)}${letters(random, 2)}`,
  ],
  work_order_number: [(random) => `WO-${digits(random, 4)}`, (random) => digits(random, 5)],
  sku: [(random) => `${letters(random, 3)}-${digits(random, 3)}-${letters(random, 1)}`],
  quantity: [(random) => String(2 + random.below(40))],
  date: [
    (random) => `${1 + random.below(28)}.${1 + random.below(12)}.`,
    (random) => `${1 + random.below(28)}/${1 + random.below(12)}`,
  ],
  person: [(random) => random.of(NAMES)],
};

/** The same utterance with other numbers, names and dates in the marked places; marks move along. */
export function filledIn(utterance: Utterance, random: Random): Utterance {
  let text = '';
  let last = 0;
  const entities: Mark[] = [];
  for (const { type, start, end } of [...utterance.entities].sort((a, b) => a.start - b.start)) {
    const shapes = SHAPES[type];
    text += utterance.text.slice(last, start);
    const value = shapes ? random.of(shapes)(random) : utterance.text.slice(start, end);
    entities.push({ type, start: text.length, end: text.length + value.length });
    text += value;
    last = end;
  }
  return { ...utterance, text: text + utterance.text.slice(last), entities };
}
