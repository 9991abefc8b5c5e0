/** Days that records are kept; their keys are destroyed the day after. */
export const RETENTION_DAYS = 8;

/** Days that dead letters are kept. */
export const DEAD_LETTER_DAYS = 30;
