export { context, propagation } from '@opentelemetry/api';
export { ATTR, hashedId } from './attributes.js';
export { createLogger, type Logger, type LoggerOptions } from './logger.js';
export { maskSensitive, maskValue } from './mask.js';
export { collectProcessMetrics, counter, exposition, gauge, histogram } from './metrics.js';
export { OpsServer } from './ops-server.js';
export { closeOnSignal, setFlush } from './shutdown.js';
export { currentTraceparent, inSpan, tracingOff, type ActiveSpan, type SpanOptions } from './spans.js';
