import { CONNECTOR_ERROR_CODES, connectorError, type ConnectorFailure } from './index.js';

const FAILURES: [ConnectorFailure, boolean, Record<string, string>][] = [
  [{ kind: 'auth_expired' }, true, {}],
  [{ kind: 'auth_revoked' }, false, {}],
  [{ kind: 'rate_limited', retryAfterMs: 1500, scope: 'daily' }, true, { retryAfterMs: '1500', scope: 'daily' }],
  [{ kind: 'not_found' }, false, {}],
  [{ kind: 'conflict', existing: 'c-1' }, false, { existing: 'c-1' }],
  [{ kind: 'ambiguous_match', candidates: ['c-1', 'c-2'] }, false, { candidates: 'c-1,c-2' }],
  [{ kind: 'validation', fields: ['email', 'phone'] }, false, { fields: 'email,phone' }],
  [{ kind: 'unsupported', operation: 'getInvoicePdf' }, false, { operation: 'getInvoicePdf' }],
  [{ kind: 'transient' }, true, {}],
  [{ kind: 'permanent' }, false, {}],
];

describe('connectorError', () => {
  it.each(FAILURES)('of %j is tried again only if that may help: %s', (failure, retryable, details) => {
    const error = connectorError(failure, 'The CRM refused.');
    expect(error).toMatchObject({ retryable, details, message: 'The CRM refused.' });
    expect(error.reason).toBe(`CONNECTOR.${failure.kind.toUpperCase()}`);
    expect(error.code).toBe(CONNECTOR_ERROR_CODES[failure.kind]);
  });

  it('has a line here for every kind', () => {
    expect(FAILURES.map(([{ kind }]) => kind).sort()).toEqual(Object.keys(CONNECTOR_ERROR_CODES).sort());
  });
});
