import { Catch, type ArgumentsHost, type RpcExceptionFilter } from '@nestjs/common';
import { AppError } from '@parley/errors';
import type { Logger } from '@parley/telemetry';
import { throwError, type Observable } from 'rxjs';
import { toStatus } from './status.js';

/**
 * Turns whatever a handler throws into a gRPC status with a stable reason. Without it Nest answers UNKNOWN "Internal server
 * error" for everything; with it a throw nobody mapped goes out as INTERNAL `UNMAPPED` and is logged with its stack.
 */
@Catch()
export class AppErrorFilter implements RpcExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(thrown: unknown, _host: ArgumentsHost): Observable<never> {
    const error = AppError.from(thrown);
    if (error.reason !== 'UNMAPPED') return throwError(() => toStatus(error));
    this.log.error({ err: error.cause }, 'A call failed with an error nobody mapped');
    const masked = new AppError({ code: 'INTERNAL', reason: 'UNMAPPED', message: 'Unexpected failure; see the log.' });
    return throwError(() => toStatus(masked));
  }
}
