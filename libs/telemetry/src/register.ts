import { installLastWords } from './last-words.js';

/**
 * Loaded first in every process (`node --import @parley/telemetry/register`). Starts the OpenTelemetry SDK when an OTLP
 * endpoint is configured; without one tracing does nothing, so that nothing is paid for.
 */
installLastWords();

const endpoint = process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? process.env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];

if (endpoint && process.env['OTEL_SDK_DISABLED'] !== 'true') {
  const { startSdk } = await import('./sdk.js');
  startSdk();
}
