import { AppError, invalidArgument, notFound } from '@parley/errors';

/** Thrown when a message breaks a limit of the channel, which it would do for ever. */
export function payloadInvalid(what: string): AppError {
  return invalidArgument('PAYLOAD.INVALID', `The message cannot be sent: ${what}.`);
}

/** Thrown when a send is asked for that the gateway never took. */
export function sendNotFound(): AppError {
  return notFound('SEND.NOT_FOUND', 'There is no such send.');
}

/** Stable reasons of sends that end without having been delivered. Those of Meta are `GRAPH.<code>`. */
export const REASONS = {
  windowClosed: 'WINDOW.CLOSED',
  consentWithdrawn: 'CONSENT.WITHDRAWN',
  payloadInvalid: 'PAYLOAD.INVALID',
  categoryMissing: 'SEND.CATEGORY_MISSING',
  numberNotConfigured: 'NUMBER.NOT_CONFIGURED',
  inDoubt: 'SEND.IN_DOUBT',
  keyErased: 'VAULT.KEY_ERASED',
} as const;
