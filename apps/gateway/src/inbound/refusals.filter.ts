import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Logger } from '@parley/telemetry';
import type { Response } from 'express';

/** What Nest's router refuses, in words of our own: its own would repeat the path, which may hold anything. */
@Catch()
export class RefusalsFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent) {
      response.end();
      return;
    }
    const status = thrown instanceof HttpException ? thrown.getStatus() : 500;
    if (status >= 500) this.log.error({ err: thrown }, 'A request failed');
    response.status(status).json({ reason: status === 404 ? 'REQUEST.NO_SUCH_PATH' : 'REQUEST.REFUSED' });
  }
}
