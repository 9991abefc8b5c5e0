export { AppErrorFilter } from './app-error.filter.js';
export { grpcClient, type CallOptions, type ClientSettings, type Promised } from './client.js';
export { grpcServerOptions, type Guard } from './server.js';
export { fromServiceError, REASON_KEY, toStatus } from './status.js';
export { GrpcTls, type TlsOptions, type TlsPaths } from './tls.js';
export { grpcCallers, grpcTls, grpcTlsSettings } from './tls-settings.js';
