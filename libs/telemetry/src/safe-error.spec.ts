import { AppError, notFound } from '@parley/errors';
import { safeError, safeMessage } from './safe-error.js';

const PHONE = '+12125550101';
const thrownBy = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (thrown) {
    return thrown;
  }
};

describe('an error in a log', () => {
  it.each([
    ['a JSON parser', thrownBy(() => JSON.parse(`{"from": ${PHONE}`))],
    ['a number that is none', thrownBy(() => BigInt(`${PHONE} Maya`))],
    ['a time zone that is none', thrownBy(() => new Intl.DateTimeFormat('en', { timeZone: `Maya${PHONE}` }))],
    [
      'a data exception of the database',
      Object.assign(new Error(`invalid input syntax for type uuid: "Maya ${PHONE}"`), { code: '22P02' }),
    ],
    ['words with a number and an address', new Error(`No answer for ${PHONE}, 1 (212) 555-0101 or maya@example.com`)],
  ])('repeats nothing of what was read: %s', (_what, thrown) => {
    for (const error of [thrown, AppError.from(thrown), new Error('outer', { cause: thrown })]) {
      const said = JSON.stringify(safeError(error));
      expect(said).not.toMatch(/Maya|2125550101|555-0101|maya@/);
    }
  });

  it('keeps what helps: our own reasons, names of columns and constraints, frames', () => {
    expect(safeMessage(notFound('ORDER.NOT_FOUND', 'There is no order 1234567.'))).toBe('There is no order 1234567.');
    const refused = Object.assign(new Error('column "total" does not exist'), { code: '42703' });
    expect(safeError(refused)).toMatchObject({ message: 'column "total" does not exist', code: '42703' });
    expect(safeError(new TypeError('x is not a function'))).toMatchObject({
      message: 'x is not a function',
      stack: expect.stringMatching(/^TypeError: x is not a function\n\s+at /) as string,
    });
  });

  it('is told by its kind alone when it is no error', () => {
    expect(safeError(`Maya ${PHONE}`)).toEqual({ type: 'string' });
  });
});
