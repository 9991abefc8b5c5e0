import type { Utterance } from './utterance.js';

/** A line of the training data as it stands there. */
export interface Line {
  readonly file: string;
  readonly line: number;
  /** May be anything; undefined when it is not JSON. */
  readonly value: unknown;
}

/** An utterance, and where it stands. */
export interface Row extends Utterance {
  readonly file: string;
  readonly line: number;
}

/** What one check of the data found. */
export interface Finding {
  readonly check: string;
  /** Whether the data cannot stay like this; the others are for somebody to look at. */
  readonly hard: boolean;
  readonly count: number;
  /** What was found, the worst first. */
  readonly worst: readonly string[];
}

/** Where a row stands, what it means and what it says. */
export const shown = ({ file, line, intent, text }: Row): string => `${file}:${line} ${intent} ${JSON.stringify(text)}`;

/** Groups of more than one row with the same key; rows without a key (empty) are in none. */
export function sharing<R>(rows: readonly R[], keyOf: (row: R) => string): R[][] {
  const groups = new Map<string, R[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else if (key !== '') groups.set(key, [row]);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}

/** Whether rows do not all mean the same. */
export const disagree = (rows: readonly Pick<Utterance, 'intent'>[]): boolean =>
  rows.some(({ intent }) => intent !== rows[0]?.intent);
