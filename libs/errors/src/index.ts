export {
  AppError,
  failedPrecondition,
  invalidArgument,
  notFound,
  unavailable,
  type AppErrorInit,
} from './app-error.js';
export { ERROR_CODES, isTransient, type ErrorCode } from './codes.js';
