import { AppError, invalidArgument, notFound, unavailable } from './index.js';

describe('AppError', () => {
  it('is retryable exactly when its code is transient', () => {
    expect(unavailable('ERP.UNAVAILABLE', 'away').retryable).toBe(true);
    expect(notFound('ORDER.NOT_FOUND', 'none').retryable).toBe(false);
    expect(invalidArgument('X.Y', 'bad').retryable).toBe(false);
  });

  it('lets the thrower overrule the code', () => {
    expect(new AppError({ code: 'UNAVAILABLE', reason: 'A.B', message: 'm', retryable: false }).retryable).toBe(false);
  });

  it('returns an AppError from `from` unchanged', () => {
    const original = notFound('ORDER.NOT_FOUND', 'none');
    expect(AppError.from(original)).toBe(original);
  });

  it('keeps the cause of a foreign throw and marks it unmapped', () => {
    const cause = new TypeError('boom');
    const error = AppError.from(cause);
    expect(error).toMatchObject({ code: 'UNKNOWN', reason: 'UNMAPPED', retryable: false });
    expect(error.cause).toBe(cause);
  });

  it('survives throws that are not errors', () => {
    expect(AppError.from('text').message).toMatch(/not an Error/);
  });
});
