/** What to do about an error of the Graph API. */
export type ErrorClass = 'retry' | 'wait' | 'never' | 'fix-config';

/** How an error is treated. */
export interface Treatment {
  class: ErrorClass;
  /** First pause before the next attempt; doubled (or as `factor` says) each time. */
  firstPauseMs: number;
  factor: number;
  mostPauseMs: number;
  /** Attempts after which it is given up; unlimited for `wait` and `fix-config`. */
  mostAttempts: number;
  /** Slows the whole number down, not just this recipient. */
  slowsNumber: boolean;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

function treat(kind: ErrorClass, firstPauseMs: number, more: Partial<Treatment> = {}): Treatment {
  const mostAttempts = kind === 'retry' ? 5 : kind === 'never' ? 1 : Number.POSITIVE_INFINITY;
  return { class: kind, firstPauseMs, factor: 2, mostPauseMs: HOUR, mostAttempts, slowsNumber: false, ...more };
}

const RETRY = treat('retry', SECOND, { mostPauseMs: MINUTE });
const NEVER = treat('never', 0);
const FIX = treat('fix-config', 5 * SECOND, { mostPauseMs: 5 * MINUTE, slowsNumber: true });
const APP_RATE = treat('wait', MINUTE, { slowsNumber: true });

/**
 * Meta's codes and what they ask for. Decided by `code` alone: HTTP status and titles change. Sources: Meta's error page;
 * a code that is not here is never retried, and surfaces.
 */
const ROWS: readonly (readonly [Treatment, readonly number[]])[] = [
  // Token invalid or expired, permission missing, account locked, billing, registration: nothing goes until somebody acts.
  [FIX, [0, 190, 3, 10, 33, 368, 131005, 131030, 131031, 131037, 131042, 131044, 131045, 131063, 131064, 132068]],
  [FIX, [133000, 133005, 133006, 133008, 133009, 133010, 134011, 134100, 134101, 134102]],
  [RETRY, [1, 2, 131000, 131016, 135000, 133004]],
  [treat('retry', MINUTE), [131057]],
  [treat('retry', SECOND, { mostAttempts: 2 }), [131053]],
  [APP_RATE, [4, 613, 80007]],
  [treat('wait', 2 * SECOND, { mostPauseMs: MINUTE, slowsNumber: true }), [130429]],
  // 4^n seconds, for this pair only.
  [treat('wait', 4 * SECOND, { factor: 4 }), [131056]],
  [treat('wait', HOUR, { mostPauseMs: 6 * HOUR, slowsNumber: true }), [131048]],
  [treat('wait', 72 * HOUR, { mostPauseMs: 72 * HOUR, slowsNumber: true }), [133016]],
  [treat('wait', 5 * MINUTE, { slowsNumber: true }), [133015]],
  [treat('wait', HOUR, { mostPauseMs: 6 * HOUR }), [132015, 132069]],
  [
    NEVER,
    [100, 130472, 130497, 131008, 131009, 131020, 131021, 131026, 131047, 131049, 131050, 131051, 131052, 131055],
  ],
  [NEVER, [131060, 131062, 132000, 132001, 132005, 132007, 132008, 132012, 132016, 132018, 137000]],
];

const TABLE: ReadonlyMap<number, Treatment> = new Map(
  ROWS.flatMap(([treatment, codes]) => codes.map((code) => [code, treatment] as const)),
);

/** How to treat an error by its code. 200 to 299 are missing permissions; an unknown code is never retried. */
export function treatmentOf(code: number): Treatment {
  return TABLE.get(code) ?? (code >= 200 && code <= 299 ? FIX : NEVER);
}

/** Whether the table knows the code; one it does not is worth a look. */
export function isKnownCode(code: number): boolean {
  return TABLE.has(code) || (code >= 200 && code <= 299);
}

/** Pause before the next attempt, after `attempts` that failed. */
export function pauseAfter(treatment: Treatment, attempts: number): number {
  return Math.min(treatment.firstPauseMs * treatment.factor ** Math.max(0, attempts - 1), treatment.mostPauseMs);
}

/** Stable reason of a Graph error. */
export function graphReason(code: number): string {
  return `GRAPH.${code}`;
}
