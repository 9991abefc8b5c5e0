import { types } from 'node:util';
import { isTransient, type ErrorCode } from './codes.js';

/** What an `AppError` is built from. `reason` is stable and public (`ORDER.NOT_FOUND`); `message` is for people and may change. */
export interface AppErrorInit {
  code: ErrorCode;
  reason: string;
  message: string;
  /** Whether the same call may succeed later, unchanged. Defaults to what the code says (`isTransient`). */
  retryable?: boolean;
  /** Facts that help, safe to log: never a secret, never personal data. */
  details?: Record<string, string>;
  cause?: unknown;
}

/** The one error type of Parley: a gRPC code, a stable reason, and whether trying again makes sense. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly reason: string;
  readonly retryable: boolean;
  readonly details: Record<string, string>;

  constructor(init: AppErrorInit) {
    super(init.message, { cause: init.cause });
    this.name = 'AppError';
    this.code = init.code;
    this.reason = init.reason;
    this.retryable = init.retryable ?? isTransient(init.code);
    this.details = init.details ?? {};
  }

  /**
   * The only conversion from an unknown throw. An `AppError` comes back as it is; anything else becomes `UNKNOWN` with
   * reason `UNMAPPED` and the original as `cause`, so that whoever logs it still has the stack.
   */
  static from(thrown: unknown): AppError {
    if (thrown instanceof AppError) return thrown;
    // Not instanceof: an error may come from another realm, as Node's own do under a test runner.
    const message = types.isNativeError(thrown) ? thrown.message : 'A value that is not an Error was thrown.';
    return new AppError({ code: 'UNKNOWN', reason: 'UNMAPPED', message, retryable: false, cause: thrown });
  }
}

type Details = Record<string, string>;

/** Thrown when a request is malformed in itself, whatever the state of the system. */
export function invalidArgument(reason: string, message: string, details?: Details): AppError {
  return new AppError({ code: 'INVALID_ARGUMENT', reason, message, details });
}

/** Thrown when the thing asked for does not exist, or does not exist for this caller. */
export function notFound(reason: string, message: string, details?: Details): AppError {
  return new AppError({ code: 'NOT_FOUND', reason, message, details });
}

/** Thrown when the state of the system forbids the request until something else changes. */
export function failedPrecondition(reason: string, message: string, details?: Details): AppError {
  return new AppError({ code: 'FAILED_PRECONDITION', reason, message, details });
}

/** Thrown when something this call depends on is away; the same call may succeed later. */
export function unavailable(reason: string, message: string, cause?: unknown): AppError {
  return new AppError({ code: 'UNAVAILABLE', reason, message, cause });
}
