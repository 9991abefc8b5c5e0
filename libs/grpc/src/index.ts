export { AppErrorFilter } from './app-error.filter.js';
export { grpcClient, type CallOptions, type Promised } from './client.js';
export { grpcServerOptions } from './server.js';
export { fromServiceError, REASON_KEY, toStatus } from './status.js';
