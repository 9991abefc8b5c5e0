import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { AppError, type ErrorCode } from '@parley/errors';
import type { Logger } from '@parley/telemetry';
import type { Request, Response } from 'express';
import { ZodError } from 'zod';
import { GraphFailure } from '../domain/graph-errors.js';
import { newTraceId } from '../domain/identifiers.js';
import type { JsonObject } from '../domain/json.js';

const HTTP_OF: Partial<Record<ErrorCode, number>> = {
  NOT_FOUND: 404,
  INVALID_ARGUMENT: 400,
  UNAVAILABLE: 502,
  FAILED_PRECONDITION: 409,
};

/** The only place where an error becomes an HTTP answer: Graph's shape on Graph's paths, a plain one on our own. */
@Catch()
export class ErrorsFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const res = host.switchToHttp().getResponse<Response>();
    const req = host.switchToHttp().getRequest<Request>();
    if (res.headersSent) {
      res.end();
      return;
    }
    const ours = /^\/($|(simulator|health|phone)(\/|$))/.test(req.path);
    const { http, body } = ours ? this.plain(thrown) : this.graph(thrown);
    res.status(http).json(body);
  }

  private graph(thrown: unknown): { http: number; body: JsonObject } {
    const failure = thrown instanceof GraphFailure ? thrown : this.asFailure(thrown);
    return { http: failure.http, body: failure.toBody(newTraceId()) };
  }

  private asFailure(thrown: unknown): GraphFailure {
    if (thrown instanceof HttpException) {
      const http = thrown.getStatus();
      if (http === 404) return new GraphFailure(100, undefined, { http, message: 'Unknown path components' });
      return new GraphFailure(100, undefined, { http, message: 'The body could not be read' });
    }
    this.log.error({ err: thrown }, 'A Graph call failed');
    return new GraphFailure(131000);
  }

  private plain(thrown: unknown): { http: number; body: JsonObject } {
    if (thrown instanceof ZodError) {
      const problems = thrown.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
      return { http: 400, body: { error: { reason: 'SIMULATOR.INVALID', message: problems.join('; ') } } };
    }
    if (thrown instanceof HttpException) {
      return { http: thrown.getStatus(), body: { error: { reason: 'HTTP', message: thrown.message } } };
    }
    const error = AppError.from(thrown);
    const http = HTTP_OF[error.code] ?? 500;
    if (http === 500) this.log.error({ err: thrown }, 'A control call failed');
    return { http, body: { error: { reason: error.reason, message: error.message } } };
  }
}
