import { closeOnSignal, createLogger } from '@parley/telemetry';
import { createApp } from './app.module.js';
import { readConfig } from './config.js';

const config = readConfig();
const log = createLogger('simulator', { level: config.LOG_LEVEL });
const app = await createApp(config);
closeOnSignal(() => app.close());
await app.listen(config.SIMULATOR_PORT, config.SIMULATOR_HOST);
log.info({ port: config.SIMULATOR_PORT }, 'Simulator is listening');
