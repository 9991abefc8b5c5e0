import { AppError, failedPrecondition, invalidArgument, notFound } from '@parley/errors';

/** Thrown when the e-mail address and the password do not belong together; unknown accounts get the same. */
export const signInRefused = (): AppError =>
  new AppError({
    code: 'UNAUTHENTICATED',
    reason: 'SESSION.SIGN_IN_REFUSED',
    message: 'The e-mail address or the password is wrong.',
  });

/** Thrown when too many sign-ins were tried; `retryAfter` says in seconds when the next one counts. */
export const tooManySignIns = (retryAfterSeconds: number): AppError =>
  new AppError({
    code: 'RESOURCE_EXHAUSTED',
    reason: 'SESSION.TOO_MANY_ATTEMPTS',
    message: 'Too many attempts. Wait a while before you try again.',
    details: { retryAfter: String(retryAfterSeconds) },
  });

/** Thrown when a request has no session, or one that is over. */
export const sessionMissing = (): AppError =>
  new AppError({ code: 'UNAUTHENTICATED', reason: 'SESSION.MISSING', message: 'Sign in first.' });

/** Thrown when a request that changes something does not prove that it comes from the desk's own page. */
export const foreignRequest = (): AppError =>
  new AppError({
    code: 'PERMISSION_DENIED',
    reason: 'SESSION.FOREIGN_REQUEST',
    message: 'The request does not come from this page. Reload it.',
  });

/** Thrown when a request came without TLS though the desk is set to be used with it. */
export const plainHttp = (): AppError =>
  new AppError({
    code: 'PERMISSION_DENIED',
    reason: 'SESSION.PLAIN_HTTP',
    message: 'The desk is used over HTTPS only.',
  });

/** Thrown when a new password will not do. */
export const weakPassword = (message: string): AppError => invalidArgument('ACCOUNT.WEAK_PASSWORD', message);

/** Thrown when the current password, asked for before a change, is wrong. */
export const wrongPassword = (): AppError =>
  new AppError({ code: 'PERMISSION_DENIED', reason: 'ACCOUNT.WRONG_PASSWORD', message: 'That is not your password.' });

/** Thrown when a body or a parameter will not do. */
export const badRequest = (message: string): AppError => invalidArgument('REQUEST.INVALID', message);

/** Thrown when a conversation does not exist. */
export const conversationNotFound = (): AppError =>
  notFound('CONVERSATION.NOT_FOUND', 'There is no such conversation.');

/** Thrown when an agent wants a conversation that another agent answers. */
export const takenByAnother = (): AppError =>
  failedPrecondition('CONVERSATION.TAKEN', 'Another agent answers in this conversation.');

/** Thrown when an agent writes in, or gives back, a conversation that is not theirs. */
export const notTheirs = (): AppError =>
  failedPrecondition('CONVERSATION.NOT_TAKEN', 'Take the conversation over first.');

/** Thrown when the 24-hour window is over. */
export const windowClosed = (): AppError =>
  failedPrecondition('WINDOW.CLOSED', 'The customer wrote more than 24 hours ago; only templates may be sent now.');

/** Thrown when an idempotency key comes again with another text. */
export const keyReused = (): AppError =>
  failedPrecondition('IDEMPOTENCY.KEY_REUSED', 'This idempotency key was used for another request.');
