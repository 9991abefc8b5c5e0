import 'reflect-metadata';
import { closeOnSignal, createLogger } from '@parley/telemetry';
import { startService } from './app.module.js';
import { readConfig } from './config.js';

try {
  const service = await startService(readConfig());
  closeOnSignal(() => service.close());
} catch (err) {
  createLogger('crm-bridge').fatal({ err }, 'The CRM bridge cannot start');
  process.exit(1);
}
