import { AppError, failedPrecondition, invalidArgument, notFound } from '@parley/errors';

/** Thrown when a conversation does not exist. */
export const conversationNotFound = (): AppError =>
  notFound('CONVERSATION.NOT_FOUND', 'There is no such conversation.');

/** Thrown when a conversation changed again and again while something was decided about it. */
export const conversationChanged = (): AppError =>
  new AppError({
    code: 'ABORTED',
    reason: 'CONVERSATION.CHANGED',
    message: 'The conversation changed in the meantime; ask again.',
  });

/** Thrown when an agent wants a conversation that another agent answers. */
export const takenByAnother = (): AppError =>
  failedPrecondition('CONVERSATION.TAKEN', 'Another agent answers in this conversation.');

/** Thrown when an agent writes in, or gives back, a conversation that is not theirs. */
export const notTheirs = (): AppError =>
  failedPrecondition('CONVERSATION.NOT_TAKEN', 'Take the conversation over first.');

/** Thrown when the 24-hour window is over: only templates may be sent until the customer writes again. */
export const windowClosed = (): AppError =>
  failedPrecondition('WINDOW.CLOSED', 'The customer wrote more than 24 hours ago; only templates may be sent now.');

/** Thrown when an idempotency key comes again with another request. */
export const keyReused = (): AppError =>
  failedPrecondition('IDEMPOTENCY.KEY_REUSED', 'This idempotency key was used for another request.');

/** Thrown when a field of a request will not do. */
export const badRequest = (message: string): AppError => invalidArgument('REQUEST.INVALID', message);
