import { isSpanContextValid, trace } from '@opentelemetry/api';
import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';
import { safeError } from './safe-error.js';

/** A structured logger: `log.info({ messageId }, 'Message classified')`, a constant sentence and fields. */
export type Logger = PinoLogger;

function traceFields(): Record<string, string> {
  const context = trace.getActiveSpan()?.spanContext();
  if (!context || !isSpanContextValid(context)) return {};
  return { trace_id: context.traceId, span_id: context.spanId };
}

/** Options that only tests need. */
export interface LoggerOptions {
  level?: string;
  destination?: DestinationStream;
}

/**
 * A JSON logger for a service. Trace ids of the active span are part of each line. The level comes from the options or from
 * LOG_LEVEL; personal data must not be passed in the first place.
 */
export function createLogger(service: string, options: LoggerOptions = {}): Logger {
  const settings = {
    level: options.level ?? process.env['LOG_LEVEL'] ?? 'info',
    base: { service },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: safeError },
    mixin: traceFields,
  };
  return options.destination ? pino(settings, options.destination) : pino(settings);
}
