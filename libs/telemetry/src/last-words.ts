import { writeSync } from 'node:fs';
import { AppError } from '@parley/errors';
import { createLogger } from './logger.js';

/**
 * What a process says before it dies of a throw nobody caught. A mistake of the operator (a wrong setting, a port that is
 * taken) is said in plain words without a stack; anything else is logged with one.
 */
export function installLastWords(): void {
  process.on('uncaughtException', (thrown) => {
    const error = AppError.from(thrown);
    const code = (thrown as NodeJS.ErrnoException).code;
    // Straight to the file: the process ends before a stream would have written.
    if (error.reason !== 'UNMAPPED') writeSync(2, `${error.message}\n`);
    else if (code === 'EADDRINUSE') writeSync(2, `${thrown.message}: stop what listens there, or set another port.\n`);
    else
      createLogger(process.env['OTEL_SERVICE_NAME'] ?? 'parley').fatal(
        { err: thrown },
        'Died of an error nobody caught',
      );
    process.exit(1);
  });
}
