import { AppError, failedPrecondition, invalidArgument } from '@parley/errors';
import { PURPOSES, SOURCES } from './consent.js';

/** Thrown when a contact shows neither a phone number nor a user id. */
export function nobody(): AppError {
  return invalidArgument('CONSENT.NO_CONTACT', 'The contact needs a wa_id or a user_id.');
}

/** Thrown when a purpose is not one of ours. */
export function unknownPurpose(allowed: readonly string[] = PURPOSES): AppError {
  return invalidArgument('CONSENT.PURPOSE_UNKNOWN', `The purpose is one of: ${allowed.join(', ')}.`);
}

/** Thrown when a source is not one of ours. */
export function unknownSource(): AppError {
  return invalidArgument('CONSENT.SOURCE_UNKNOWN', `The source is one of: ${SOURCES.join(', ')}.`);
}

/** Thrown when an entry does not say when the person said so. */
export function timeMissing(): AppError {
  return invalidArgument('CONSENT.AT_MISSING', 'The entry needs the time at which the person said so.');
}

/** Thrown when an entry comes without a key: it could be written twice. */
export function keyMissing(): AppError {
  return invalidArgument('CONSENT.KEY_MISSING', 'The entry needs an idempotency key.');
}

/** Thrown when a key has been used for another person or another answer. */
export function keyReused(): AppError {
  return failedPrecondition('IDEMPOTENCY.KEY_REUSED', 'This idempotency key has already written a different entry.');
}

/** Thrown when two writers took the same key at the same moment; running again finds the entry. */
export function keyRaced(): AppError {
  return new AppError({
    code: 'ABORTED',
    reason: 'CONSENT.RACED',
    message: 'The same entry is being written elsewhere.',
  });
}

/** Thrown when an erasure names too many, nobody, or no time. */
export function badErasure(): AppError {
  return invalidArgument('CONSENT.BAD_ERASURE', 'At most 100 contacts at once, each with identities and a time.');
}
