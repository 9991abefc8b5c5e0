import { AppError } from '@parley/errors';

/** Thrown when a partition belongs to somebody else by now: what was done must not be committed. */
export function oldEpoch(): AppError {
  const message = 'The partition has been handed over to another consumer.';
  return new AppError({ code: 'ABORTED', reason: 'BUS.OLD_EPOCH', message });
}

/** Whether a throw says that the partition is lost, however deep it is wrapped. */
export function isOldEpoch(thrown: unknown): boolean {
  for (let at: unknown = thrown, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (at instanceof AppError && at.reason === 'BUS.OLD_EPOCH') return true;
  }
  return false;
}

/** Thrown when it is not known within the time limit that records are durable. They may be; consumers dedupe. */
export function unacknowledged(cause?: unknown, guess = ''): AppError {
  const message = `The event bus did not acknowledge in time. ${guess}`.trim();
  return new AppError({ code: 'UNAVAILABLE', reason: 'BUS.UNACKNOWLEDGED', message, cause });
}

/** Thrown when the brokers and we do not agree on TLS or on who we are. Certificates and passwords are renewed, so it may pass. */
export function noAccess(message: string, cause?: unknown): AppError {
  return new AppError({ code: 'UNAVAILABLE', reason: 'BUS.NO_ACCESS', message, cause });
}

/** Thrown when more records wait for the bus than it can take within a reasonable time. */
export function backlogFull(): AppError {
  const message = 'Too many records wait for the event bus.';
  return new AppError({ code: 'RESOURCE_EXHAUSTED', reason: 'BUS.BACKLOG', message });
}

/** Thrown when records themselves are refused, now and for ever (too large, invalid); all others of the call were written. */
export function refused(indexes: readonly number[], cause?: unknown): AppError {
  const message = 'The event bus refuses a record for its content.';
  const details = { indexes: indexes.join(',') };
  return new AppError({ code: 'INVALID_ARGUMENT', reason: 'BUS.REFUSED', message, details, cause });
}

/** Positions of the refused records in the call; undefined when the error is about something else. */
export function refusedIndexes(error: AppError): Set<number> | undefined {
  if (error.reason !== 'BUS.REFUSED') return undefined;
  return new Set((error.details['indexes'] ?? '').split(',').map(Number));
}

/** Thrown when the bus, or a publisher on it, is asked for something after it was closed. */
export function busClosed(): AppError {
  return new AppError({ code: 'UNAVAILABLE', reason: 'BUS.CLOSED', message: 'The event bus is closed.' });
}
