import { Metadata, status, type ServiceError, type StatusObject } from '@grpc/grpc-js';
import { AppError, ERROR_CODES, type ErrorCode } from '@parley/errors';

/** Metadata key that carries the stable reason of an error. */
export const REASON_KEY = 'error-reason';
const DETAIL_PREFIX = 'error-detail-';

/** The status an AppError goes out with: its code, its message, its reason and details as metadata. */
export function toStatus(error: AppError): StatusObject {
  const metadata = new Metadata();
  metadata.set(REASON_KEY, error.reason);
  for (const [name, value] of Object.entries(error.details)) {
    metadata.set(`${DETAIL_PREFIX}${name.toLowerCase().replace(/[^a-z0-9_.-]/g, '-')}`, encodeURIComponent(value));
  }
  return { code: status[error.code], details: error.message, metadata };
}

function isServiceError(thrown: unknown): thrown is ServiceError {
  return thrown instanceof Error && 'code' in thrown && 'metadata' in thrown;
}

/** The AppError a failed call is turned into: same code and reason; without a reason it came from the transport. */
export function fromServiceError(thrown: unknown, method: string): AppError {
  if (!isServiceError(thrown)) return AppError.from(thrown);
  const name = status[thrown.code] as ErrorCode;
  const code = ERROR_CODES.includes(name) ? name : 'UNKNOWN';
  const reason = String(thrown.metadata.get(REASON_KEY)[0] ?? `GRPC.${code}`);
  const details = Object.fromEntries(
    Object.entries(thrown.metadata.getMap()).flatMap(([key, value]) =>
      key.startsWith(DETAIL_PREFIX) ? [[key.slice(DETAIL_PREFIX.length), decodeURIComponent(String(value))]] : [],
    ),
  );
  return new AppError({ code, reason, message: `${method}: ${thrown.details}`, details, cause: thrown });
}
