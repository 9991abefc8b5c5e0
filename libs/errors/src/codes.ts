/** The sixteen gRPC status codes that are errors, by name; there are no codes of our own. */
export const ERROR_CODES = [
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;

/** Name of a gRPC status code other than OK. */
export type ErrorCode = (typeof ERROR_CODES)[number];

// ABORTED is a lost race: run again from the start. RESOURCE_EXHAUSTED is a limit: run again later.
const TRANSIENT: ReadonlySet<ErrorCode> = new Set([
  'UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'RESOURCE_EXHAUSTED',
  'ABORTED',
]);

/** Whether a failure with this code may go away by itself. */
export function isTransient(code: ErrorCode): boolean {
  return TRANSIENT.has(code);
}
