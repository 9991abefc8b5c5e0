import { GraphFailure, noSuchObject, statusError } from './graph-errors.js';

describe('Graph error', () => {
  it('has the shape that clients decide by', () => {
    expect(new GraphFailure(131056, 'too many').toBody('A1')).toEqual({
      error: {
        message: '(#131056) (Business Account, Consumer Account) pair rate limit hit',
        type: 'OAuthException',
        code: 131056,
        error_data: { messaging_product: 'whatsapp', details: 'too many' },
        fbtrace_id: 'A1',
      },
    });
  });

  it.each([[190, 401], [130429, 429], [2, 503], [132001, 404], [999999, 400]])('answers %i with HTTP %i', (code, http) => {
    expect(new GraphFailure(code).http).toBe(http);
  }); // prettier-ignore

  it('says the same of what does not exist and of what is not yours', () => {
    expect(noSuchObject('GET', '5').toBody('A1')).toMatchObject({ error: { code: 100, error_subcode: 33 } });
  });

  it('appears in a status with title and details', () => {
    expect(statusError(131047, 'closed')).toMatchObject({
      code: 131047,
      title: 'Re-engagement message',
      error_data: { details: 'closed' },
    });
  });
});
