import 'reflect-metadata';
import { runService } from '@parley/service';
import { startService } from './app.module.js';
import { readConfig } from './config.js';

await runService('intent-service', () => startService(readConfig()));
