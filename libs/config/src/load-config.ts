import { AppError } from '@parley/errors';
import type { Environment, Setting } from './setting.js';

/** A service's settings by environment name, each written once. */
export type ConfigSchema = Record<string, Setting<unknown>>;

/** The typed values of a schema. */
export type ConfigOf<S extends ConfigSchema> = { readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never };

function problemOf(name: string, setting: Setting<unknown>, env: Environment): string | undefined {
  // An empty variable is a variable that is not set: that is what compose files and charts produce.
  const raw = env[name] === '' ? undefined : env[name];
  const production = env['NODE_ENV'] === 'production';
  const text = raw ?? setting.fallback;
  if (production && setting.demoValue !== undefined && text === setting.demoValue) {
    return `${name}: the demonstration value is refused when NODE_ENV=production; set your own (${setting.help})`;
  }
  if (text === undefined && setting.or && !env[setting.or]) {
    return `${name}: must be set, or else ${setting.or} (${setting.help})`;
  }
  const result = setting.schema.safeParse(text);
  if (result.success) {
    const broken = setting.rule?.(env);
    return broken && `${name}: ${broken} (${setting.help})`;
  }
  const why = text === undefined ? 'must be set' : result.error.issues.map((issue) => issue.message).join('; ');
  return `${name}: ${why} (${setting.help})`;
}

/**
 * Reads a schema from an environment. Promises typed values for every name, or one error that lists every bad name with
 * what it should be; the values themselves are never part of it.
 * @throws AppError INVALID_ARGUMENT `CONFIG.INVALID`
 */
export function loadConfig<S extends ConfigSchema>(schema: S, env: Environment): ConfigOf<S> {
  const entries = Object.entries(schema);
  const problems = entries.flatMap(([name, setting]) => problemOf(name, setting, env) ?? []);
  if (problems.length > 0) {
    const message = `${problems.length} setting${problems.length === 1 ? ' is' : 's are'} wrong:\n  ${problems.join('\n  ')}`;
    throw new AppError({ code: 'INVALID_ARGUMENT', reason: 'CONFIG.INVALID', message });
  }
  const values = entries.map(([name, setting]) => {
    const raw = env[name] === '' ? undefined : env[name];
    return [name, setting.schema.parse(raw ?? setting.fallback)];
  });
  return Object.fromEntries(values) as ConfigOf<S>;
}

/** The README table of a schema; secrets show no default. */
export function configTable(schema: ConfigSchema): string {
  const rows = Object.entries(schema).map(([name, setting]) => {
    const shown = setting.secret ? '(secret)' : setting.fallback === undefined ? '' : `\`${setting.fallback}\``;
    return `| \`${name}\` | ${shown} | ${setting.help} |`;
  });
  return ['| name | default | meaning |', '|---|---|---|', ...rows].join('\n');
}
