import { notFound } from '@parley/errors';
import { fromDriver, isStalePlan, sqlstateOf } from './errors.js';

const thrown = (code: string, more: object = {}): Error =>
  Object.assign(new Error('Key (phone)=(+4917) exists'), { code, ...more });

describe('fromDriver', () => {
  it.each([
    '08006',
    '08P01',
    '28P01',
    '53100',
    '53300',
    '57014',
    '57P01',
    '57P03',
    '25P03',
    '25006',
    '55P03',
    '3D000',
    'ECONNREFUSED',
    'EPIPE',
  ])('takes %s for a database that is away', (code) => {
    expect(fromDriver(thrown(code))).toMatchObject({
      code: 'UNAVAILABLE',
      reason: 'POSTGRES.UNAVAILABLE',
      retryable: true,
    });
  });

  it.each([
    'Connection terminated unexpectedly',
    'timeout exceeded when trying to connect',
    'Query read timeout',
    'Client has encountered a connection error and is not queryable',
    'Cannot use a pool after calling end on the pool',
  ])('takes "%s" for a database that is away', (message) => {
    expect(fromDriver(new Error(message)).reason).toBe('POSTGRES.UNAVAILABLE');
  });

  it.each(['40001', '40P01'])('takes %s for a conflict', (code) => {
    expect(fromDriver(thrown(code))).toMatchObject({ code: 'ABORTED', reason: 'POSTGRES.CONFLICT', retryable: true });
  });

  it.each(['23505', '42P01', '22P02', '25P02', 'XX000'])('takes %s for a fault of the statement', (code) => {
    expect(fromDriver(thrown(code))).toMatchObject({
      code: 'INTERNAL',
      reason: 'POSTGRES.FAILED',
      retryable: false,
      details: { sqlstate: code },
    });
  });

  it('takes a mistake in the calling code for a fault, not for an outage', () => {
    expect(fromDriver(new TypeError('cannot connect')).reason).toBe('POSTGRES.FAILED');
    expect(fromDriver('text').reason).toBe('POSTGRES.FAILED');
    expect(fromDriver(undefined).reason).toBe('POSTGRES.FAILED');
  });

  it('names the constraint and never the values', () => {
    const error = fromDriver(thrown('23505', { constraint: 'people_pkey', detail: 'Key (phone)=(+4917)' }));
    expect(error.details).toEqual({ sqlstate: '23505', constraint: 'people_pkey' });
    expect(JSON.stringify({ message: error.message, ...error.details })).not.toContain('4917');
  });

  it('leaves an AppError as it is', () => {
    const own = notFound('X.Y', 'none');
    expect(fromDriver(own)).toBe(own);
  });
});

describe('sqlstateOf', () => {
  it('reads driver errors and translated ones, and nothing else', () => {
    expect(sqlstateOf(thrown('23505'))).toBe('23505');
    expect(sqlstateOf(fromDriver(thrown('23505')))).toBe('23505');
    expect(sqlstateOf(thrown('ECONNREFUSED'))).toBeUndefined();
    expect(sqlstateOf(null)).toBeUndefined();
  });
});

describe('isStalePlan', () => {
  it('is one particular kind of "not supported"', () => {
    expect(isStalePlan(thrown('0A000', { routine: 'RevalidateCachedQuery' }))).toBe(true);
    expect(isStalePlan(thrown('0A000', { routine: 'DefineIndex' }))).toBe(false);
  });
});
