import { types } from 'node:util';

/** What a parser says quotes what it could not read; so do numbers, dates and time zones that are none. */
const QUOTES_INPUT = new Set(['SyntaxError', 'RangeError', 'URIError', 'ZodError']);
/** PostgreSQL's data exceptions: `invalid input syntax for type uuid: "..."`. Its other messages name columns and constraints. */
const DATA_EXCEPTION = /^22[0-9A-Z]{3}$/;
const WITHHELD = 'not repeated here: it may quote what was being read';

const NUMBER = /\+?\d(?:[ .()-]?\d){6,}/g;
const EMAIL = /[^\s"'<>@]+@[^\s"'<>@]+\.[^\s"'<>@]+/g;

interface Coded {
  code?: unknown;
  reason?: unknown;
}

/**
 * What an error may say in a log or on a health page: our own errors (those with a stable reason) everything, others nothing that
 * could be a quotation. Long numbers and e-mail addresses are cut out of whatever is left.
 */
export function safeMessage(error: Error): string {
  const { code, reason } = error as Coded;
  if (typeof reason === 'string' && reason !== 'UNMAPPED') return error.message;
  if (reason === 'UNMAPPED' && types.isNativeError(error.cause)) return safeMessage(error.cause);
  if (QUOTES_INPUT.has(error.name) || (typeof code === 'string' && DATA_EXCEPTION.test(code))) return WITHHELD;
  return error.message.replaceAll(EMAIL, '…').replaceAll(NUMBER, '…');
}

/** The frames of a stack; its first lines repeat the message. */
function safeStack(error: Error, message: string): string {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [`${error.name}: ${message}`, ...frames].join('\n');
}

/** An error without what drivers hang on to it: parameters, rows and requests may hold personal data. */
export function safeError(error: unknown): unknown {
  if (!types.isNativeError(error)) return { type: typeof error };
  const { code, reason } = error as Coded;
  const cause = error.cause === undefined ? undefined : safeError(error.cause);
  const message = safeMessage(error);
  return { type: error.name, message, stack: safeStack(error, message), code, reason, cause };
}
