/** A piece of the text that means something; `start` and `end` are UTF-16 offsets into the original. */
export interface Entity {
  type: string;
  text: string;
  value: string;
  start: number;
  end: number;
}

/** Where something stands in the text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Something a finder takes a piece of the text for. The stronger of two that overlap stays; an empty type only keeps others away. */
export interface Found extends Span {
  readonly type: string;
  readonly value: string;
  readonly strength: number;
}

/** The type of what is known to be nothing that flows need: a card, a size, a model, a coupon. */
export const NOTHING = '';

/** How sure finders are of what they take a piece for; what is called by its name beats what only looks like something. */
export const STRENGTH = {
  written: 100,
  card: 96,
  checked: 94,
  international: 93,
  money: 92,
  named: 90,
  shaped: 80,
  counted: 75,
  nearlyNamed: 60,
  guessed: 40,
  barelyGuessed: 20,
} as const;

/** Where a pattern matches. The pattern must be global and must not run over the same signs again and again. */
export function spansOf(pattern: RegExp, text: string): (Span & { groups: RegExpMatchArray })[] {
  return [...text.matchAll(pattern)].map((groups) => ({
    start: groups.index,
    end: groups.index + groups[0].length,
    groups,
  }));
}

/** Whether two pieces share a sign. */
export const overlap = (one: Span, other: Span): boolean => one.start < other.end && other.start < one.end;
