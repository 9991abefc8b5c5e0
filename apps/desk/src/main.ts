import 'reflect-metadata';
import { runService } from '@parley/service';
import { startDesk } from './app.module.js';
import { readConfig } from './config.js';

await runService('desk', () => startDesk(readConfig()));
