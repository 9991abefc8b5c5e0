export { configTable, loadConfig, type ConfigOf, type ConfigSchema } from './load-config.js';
export { isLoopback, isProduction } from './network.js';
export { settings, type Environment, type Setting } from './setting.js';
