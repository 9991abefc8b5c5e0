import { AppError, invalidArgument } from '@parley/errors';

/** Thrown when a query names nothing to look for. */
export function nothingAsked(): AppError {
  return invalidArgument('AUDIT.NOTHING_ASKED', 'Name a customer, an order, a session or a request id.');
}

/** Thrown when the customer is neither a phone number nor a user id. */
export function badCustomer(): AppError {
  return invalidArgument('AUDIT.BAD_CUSTOMER', 'The customer is a phone number, a wa_id or a user id.');
}

/** Thrown when more is asked for at once than an answer may hold. */
export function badLimit(most: number): AppError {
  return invalidArgument('AUDIT.BAD_LIMIT', `The limit lies between 1 and ${most}; 0 stands for the default.`);
}

/** Thrown when a page token was not given out by an earlier answer. */
export function badPageToken(): AppError {
  return invalidArgument('AUDIT.BAD_PAGE_TOKEN', 'The page token is not one of an earlier answer.');
}

/** Thrown when a chain's name has not the form of one. */
export function badChain(): AppError {
  return invalidArgument(
    'AUDIT.BAD_CHAIN',
    'A chain is named <day>/<topic>/<partition>, for example 2026-11-22/whatsapp.inbound/0.',
  );
}

/** Thrown when the signing key is not an Ed25519 private key in PEM. */
export function badSigningKey(cause?: unknown): AppError {
  const message = 'AUDIT_SIGNING_KEY holds no Ed25519 private key in PEM ("openssl genpkey -algorithm ed25519").';
  return new AppError({ code: 'INVALID_ARGUMENT', reason: 'AUDIT.BAD_SIGNING_KEY', message, cause });
}

/** Thrown when an export has no id of its own. */
export function badExport(): AppError {
  return invalidArgument('AUDIT.BAD_EXPORT', 'An export has an id of 8 to 64 letters, digits, "-" and "_".');
}

/** Thrown when a day is not written as one. */
export function badDay(): AppError {
  return invalidArgument('AUDIT.BAD_DAY', 'A day is written YYYY-MM-DD.');
}

/** Thrown when nobody, an empty name, or too many are to be erased at once. */
export function badPersons(most: number): AppError {
  const message = `Name 1 to ${most} persons, each by phone, user id, customer id or e-mail address.`;
  return invalidArgument('AUDIT.BAD_PERSONS', message);
}
