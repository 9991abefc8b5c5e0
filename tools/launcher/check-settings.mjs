// Reads every service's settings from the environment and prints what is wrong with them, as JSON. Nothing else is started.
import { loadConfig } from '@parley/config';
import { oncePerSetting } from './checks.mjs';
import { services } from './services.mjs';

const env = process.env;
const problems = [];

for (const name of [...services.map((service) => service.name), ...(env.SIMULATOR === 'off' ? [] : ['simulator'])]) {
  const { configSchema, schema, parseConfig } = await import(
    new URL(`../../apps/${name}/dist/config.js`, import.meta.url).href
  );
  try {
    if (parseConfig) parseConfig(env);
    else loadConfig(configSchema ?? schema, env);
  } catch (error) {
    const [first, ...rest] = error.message.split('\n').map((line) => line.trim());
    problems.push(...(rest.length > 0 ? rest : [first]));
  }
}
process.stdout.write(JSON.stringify(oncePerSetting(problems)));
