import { AppError } from './app-error.js';
import type { ErrorCode } from './codes.js';

/** What can go wrong between a connector and the system behind it, with the facts that belong to it. */
export type ConnectorFailure =
  /** The token has run out and could not be renewed just now. */
  | { kind: 'auth_expired' }
  /** Somebody took the permission back: a person must connect again. */
  | { kind: 'auth_revoked' }
  /** A limit of the system: of a short window, of the day, or of requests at a time. */
  | { kind: 'rate_limited'; retryAfterMs: number; scope: 'burst' | 'daily' | 'concurrency' }
  | { kind: 'not_found' }
  /** It is there already: the id of what is. */
  | { kind: 'conflict'; existing: string }
  /** Several fit: their ids, of which none is picked. */
  | { kind: 'ambiguous_match'; candidates: readonly string[] }
  /** The system refuses these fields. */
  | { kind: 'validation'; fields: readonly string[] }
  | { kind: 'unsupported'; operation: string }
  /** It may go away by itself. */
  | { kind: 'transient' }
  /** It will not. */
  | { kind: 'permanent' };

/** The words for kinds of failures. */
export type ConnectorErrorKind = ConnectorFailure['kind'];

/** The gRPC code of each kind. What may pass by itself has a transient code, so callers try again, and nothing else does. */
export const CONNECTOR_ERROR_CODES: Readonly<Record<ConnectorErrorKind, ErrorCode>> = {
  auth_expired: 'UNAVAILABLE',
  auth_revoked: 'FAILED_PRECONDITION',
  rate_limited: 'RESOURCE_EXHAUSTED',
  not_found: 'NOT_FOUND',
  conflict: 'ALREADY_EXISTS',
  ambiguous_match: 'FAILED_PRECONDITION',
  validation: 'INVALID_ARGUMENT',
  unsupported: 'UNIMPLEMENTED',
  transient: 'UNAVAILABLE',
  permanent: 'INTERNAL',
};

/** How a connector does an operation: by one of the system's own, by several of them or data of ours, or not at all. */
export type Capability = 'native' | 'emulated' | 'unsupported';

/**
 * The error of a failure: reason `CONNECTOR.<KIND>`, the facts as details.
 * @param message for people: what was tried at which system, without personal data
 */
export function connectorError(failure: ConnectorFailure, message: string, cause?: unknown): AppError {
  const { kind, ...facts } = failure;
  const details = Object.entries(facts).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join() : `${value}`,
  ]);
  return new AppError({
    code: CONNECTOR_ERROR_CODES[kind],
    reason: `CONNECTOR.${kind.toUpperCase()}`,
    message,
    details: Object.fromEntries(details) as Record<string, string>,
    cause,
  });
}
