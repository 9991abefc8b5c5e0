import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { AppError, type ErrorCode } from '@parley/errors';
import type { Logger } from '@parley/telemetry';
import type { Response } from 'express';

const HTTP_OF: Partial<Record<ErrorCode, number>> = {
  INVALID_ARGUMENT: 400,
  OUT_OF_RANGE: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  FAILED_PRECONDITION: 409,
  ABORTED: 409,
  RESOURCE_EXHAUSTED: 429,
  UNIMPLEMENTED: 501,
  CANCELLED: 503,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
};

const REFUSED: Record<number, readonly [reason: string, message: string]> = {
  400: ['REQUEST.INVALID', 'The body is not JSON.'],
  404: ['REQUEST.NO_SUCH_PATH', 'There is no such address.'],
  413: ['REQUEST.TOO_LARGE', 'The body is too large.'],
};

interface Answer {
  status: number;
  reason: string;
  message: string;
}

/** The only place where an error becomes an HTTP answer: `{reason, message}`, never a stack, never a foreign message. */
@Catch()
export class ErrorsFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const res = host.switchToHttp().getResponse<Response>();
    if (res.headersSent) {
      res.end();
      return;
    }
    const { status, reason, message } = this.answerTo(thrown);
    const retryAfter = thrown instanceof AppError ? thrown.details['retryAfter'] : undefined;
    if (retryAfter) res.set('retry-after', retryAfter);
    res.status(status).json({ reason, message });
  }

  private answerTo(thrown: unknown): Answer {
    const refused = refusalOf(thrown);
    if (refused) return refused;
    const error = AppError.from(thrown);
    const status = HTTP_OF[error.code];
    if (status !== undefined) return { status, reason: error.reason, message: error.message };
    this.log.error({ err: thrown, reason: error.reason }, 'A request failed');
    return { status: 500, reason: error.reason, message: 'Something went wrong here; it has been logged.' };
  }
}

/** What Nest and the body parser refuse by themselves carries an HTTP status. */
function refusalOf(thrown: unknown): Answer | undefined {
  if (thrown instanceof AppError || typeof thrown !== 'object' || thrown === null) return undefined;
  const { status } = thrown as { status?: unknown };
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined;
  const [reason, message] = REFUSED[status] ?? ['REQUEST.REFUSED', 'The request was refused.'];
  return { status, reason, message };
}
