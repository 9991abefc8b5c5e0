import 'reflect-metadata';
import { closeOnSignal, createLogger } from '@parley/telemetry';
import { startDesk } from './app.module.js';
import { readConfig } from './config.js';

try {
  const desk = await startDesk(readConfig());
  closeOnSignal(() => desk.close());
} catch (err) {
  createLogger('desk').fatal({ err }, 'The desk cannot start');
  process.exit(1);
}
