/** One line of a history: what kind, when, and whatever it says. */
export type HistoryRecord = { t: string; at: number } & Record<string, unknown>;

/** What the checker decided. */
export interface Verdict {
  green: boolean;
  rows: { check: string; looked: number; bad: number; verdict: string }[];
  violations: Record<string, unknown>[];
  apart: Record<string, number>;
}

/** Judges a history. */
export function check(records: readonly HistoryRecord[]): Verdict;
