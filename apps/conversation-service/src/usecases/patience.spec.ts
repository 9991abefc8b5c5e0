import { AppError, notFound, unavailable } from '@parley/errors';
import { FakeClock } from '@parley/testing';
import { Patience } from './patience.js';

describe('Patience', () => {
  const away = unavailable('GRPC.UNAVAILABLE', 'no connection');

  it('takes what a system says as the outcome', () => {
    const patience = new Patience(new FakeClock());
    expect(patience.judge('m', 'ERP', notFound('ORDER.NOT_FOUND', 'none'))).toEqual({
      ok: false,
      reason: 'ORDER.NOT_FOUND',
    });
    expect(patience.judge('m', 'ERP', unavailable('ERP.UNAVAILABLE', 'away'))).toEqual({
      ok: false,
      reason: 'ERP.UNAVAILABLE',
    });
  });

  it('tries a bridge that is away again until 30 s after the first failure of that message', () => {
    const clock = new FakeClock();
    const patience = new Patience(clock);
    expect(() => patience.judge('m', 'ERP', away)).toThrow(away);
    clock.advance(29_999);
    expect(() => patience.judge('m', 'ERP', new AppError({ ...away, code: 'DEADLINE_EXCEEDED', message: '' }))).toThrow(
      AppError,
    );
    clock.advance(1);
    expect(() => patience.judge('other', 'ERP', away)).toThrow(away);
    expect(patience.judge('m', 'CRM', away)).toEqual({ ok: false, reason: 'CRM.UNAVAILABLE' });
    patience.forget(['m']);
    expect(() => patience.judge('m', 'ERP', away)).toThrow(away);
  });
});
