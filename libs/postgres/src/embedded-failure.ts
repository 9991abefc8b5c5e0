import { AppError } from '@parley/errors';

type Reason =
  | 'NO_ACCOUNT'
  | 'NO_BINARIES'
  | 'NO_DISK'
  | 'PORT_TAKEN'
  | 'WRONG_VERSION'
  | 'DATA_GONE'
  | 'STILL_RUNNING'
  | 'START_FAILED';

/** Thrown when embedded PostgreSQL cannot start: one line that says what to do. Reasons are `POSTGRES.<reason>`. */
export function embeddedFailure(reason: Reason, message: string, cause?: unknown): AppError {
  const line = message.replaceAll(/\s+/g, ' ').trim();
  return new AppError({ code: 'FAILED_PRECONDITION', reason: `POSTGRES.${reason}`, message: line, cause });
}

const KNOWN: [RegExp, Reason, string][] = [
  [
    /No space left on device|disk quota/i,
    'NO_DISK',
    'There is no space left for the database; free some and start again.',
  ],
  [/ENOSPC|EDQUOT/, 'NO_DISK', 'There is no space left for the database; free some and start again.'],
  [/Address already in use/i, 'PORT_TAKEN', 'The port for PostgreSQL is taken; stop what uses it, or choose another.'],
  [
    /error while loading shared libraries|not found \(required by|ENOENT|ENOEXEC/,
    'NO_BINARIES',
    'The PostgreSQL that came with npm does not run on this system; run "npm ci", or set DATABASE_URL to a PostgreSQL of yours.',
  ],
];

/** The one-line failure for what initdb or postgres printed, or for what the system said when they were started. */
export function failureOf(output: string, cause?: unknown): AppError {
  const known = KNOWN.find(([pattern]) => pattern.test(output));
  if (known) return embeddedFailure(known[1], known[2], cause);
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const telling = lines.findLast((line) => /FATAL|PANIC|error:|EACCES|EROFS|EPERM/.test(line)) ?? lines.at(-1);
  return embeddedFailure('START_FAILED', `PostgreSQL did not start: ${telling ?? 'it said nothing'}`, cause);
}
