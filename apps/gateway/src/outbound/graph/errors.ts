/** Errors of a connection that was never made: no byte of the request has left. */
const CONNECT_CODES = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

interface SystemError {
  code?: unknown;
  syscall?: unknown;
  errors?: unknown;
}

/** A short word for a failure, without addresses. */
export function failureCode(thrown: unknown): string {
  const { code } = (thrown ?? {}) as SystemError;
  return typeof code === 'string' ? code : thrown instanceof Error ? thrown.name : 'UNKNOWN';
}

/** Whether a failure says for certain that nothing was sent. In doubt it does not. */
export function wasNotSent(thrown: unknown): boolean {
  const { code, syscall, errors } = (thrown ?? {}) as SystemError;
  if (Array.isArray(errors) && errors.length > 0) return errors.every(wasNotSent);
  return syscall === 'connect' || syscall === 'getaddrinfo' || (typeof code === 'string' && CONNECT_CODES.has(code));
}
