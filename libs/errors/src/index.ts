export {
  AppError,
  failedPrecondition,
  invalidArgument,
  notFound,
  unavailable,
  type AppErrorInit,
} from './app-error.js';
export {
  CONNECTOR_ERROR_CODES,
  connectorError,
  type Capability,
  type ConnectorErrorKind,
  type ConnectorFailure,
} from './connector-error.js';
export { ERROR_CODES, isTransient, type ErrorCode } from './codes.js';
