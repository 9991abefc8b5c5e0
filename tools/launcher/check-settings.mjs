// Reads every service's settings from the environment and prints what is wrong with them, as JSON. Nothing else is started.
import { loadConfig } from '@parley/config';
import { MasterKey } from '@parley/postgres';
import { services } from './services.mjs';

const env = process.env;
const problems = new Map();

/** The same setting is read by many services; the first to complain says it for all. */
function complain(lines) {
  for (const line of lines) {
    const [name] = line.split(':', 1);
    if (!problems.has(name)) problems.set(name, line);
  }
}

for (const name of [...services.map((service) => service.name), ...(env.SIMULATOR === 'off' ? [] : ['simulator'])]) {
  const { configSchema, schema, parseConfig } = await import(
    new URL(`../../apps/${name}/dist/config.js`, import.meta.url).href
  );
  try {
    if (parseConfig) parseConfig(env);
    else loadConfig(configSchema ?? schema, env);
  } catch (error) {
    const [first, ...rest] = error.message.split('\n').map((line) => line.trim());
    complain(rest.length > 0 ? rest : [first]);
  }
}
if (env.PARLEY_MASTER_KEY && !env.PARLEY_MASTER_KEY_FILE) {
  try {
    MasterKey.fromText(env.PARLEY_MASTER_KEY);
  } catch (error) {
    complain([`PARLEY_MASTER_KEY: ${error.message}`]);
  }
}
process.stdout.write(JSON.stringify([...problems.values()]));
