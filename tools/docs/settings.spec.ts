import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configTable, type ConfigSchema } from '@parley/config';
import { root } from '../launcher/paths.mjs';

const apps = readdirSync(join(root, 'apps')).filter((name) => existsSync(join(root, 'apps', name, 'src/config.ts')));

/** A table's rows in one order, without the blanks that line its columns up. */
const rowsOf = (table: string): string[] => {
  const lines = table.split('\n').filter((line) => line.startsWith('|'));
  const cells = (line: string): string =>
    line
      .split('|')
      .map((cell) => cell.trim())
      .join('|');
  return lines.slice(2).map(cells).sort();
};

interface Documented {
  name: string;
  /** The second column: defaults of all names of the row. */
  shown: string;
}

/** The names of the tables under "## Settings" of the first README; `GATEWAY_` beside `DESK_DATABASE_URL` stands for `GATEWAY_DATABASE_URL`. */
function documented(): Documented[] {
  const [, settings = ''] = readFileSync(join(root, 'README.md'), 'utf8').split('\n## Settings\n');
  return rowsOf(settings.split('\n## ')[0] ?? '').flatMap((row) => {
    const [, names = '', shown = ''] = row.split('|');
    const written = [...names.matchAll(/`([A-Z][A-Z0-9_]+)`/g)].flatMap(({ 1: name }) => name ?? []);
    const ending = /[A-Z]+(_.+)$/.exec(written.at(-1) ?? '')?.[1] ?? '';
    return written.map((name) => ({ name: name.endsWith('_') ? name.slice(0, -1) + ending : name, shown }));
  });
}

async function schemaOf(app: string): Promise<ConfigSchema> {
  const source = join(root, 'apps', app, 'src/config.ts');
  const { configSchema, schema } = (await import(source)) as { configSchema?: ConfigSchema; schema?: ConfigSchema };
  return configSchema ?? schema ?? {};
}

/** What the services' own schemas say, by name. */
async function schemas(): Promise<Map<string, ConfigSchema[string]>> {
  const all = await Promise.all(apps.map(schemaOf));
  return new Map(all.flatMap((schema) => Object.entries(schema)));
}

/** Settings that the launcher and the commands read by themselves, and those they pass on to what they start. */
function readByTools(): Set<string> {
  const files = ['launcher', 'commands', 'audit', 'import'].flatMap((folder) =>
    readdirSync(join(root, 'tools', folder))
      .filter((name) => name.endsWith('.mjs'))
      .map((name) => readFileSync(join(root, 'tools', folder, name), 'utf8')),
  );
  const names = files.flatMap((text) =>
    [...text.matchAll(/\benv\.([A-Z][A-Z0-9_]+)/g)].flatMap(({ 1: name }) => name ?? []),
  );
  return new Set(names);
}

/** Set by npm or by the launcher itself, for the process it starts. */
const NOT_FOR_PEOPLE = ['INIT_CWD', 'PATH', 'PARLEY_MIGRATION'];
/** Read by libraries, wherever they run. */
const OF_LIBRARIES = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'NODE_ENV', 'PARLEY_LEAKS_REPORT'];

describe('the settings in the first README', () => {
  it('are read by somebody', async () => {
    const known = new Set([...(await schemas()).keys(), ...readByTools(), ...OF_LIBRARIES]);
    const found = documented().map(({ name }) => name);
    expect(found.length).toBeGreaterThan(40);
    expect(found.filter((name) => !known.has(name))).toEqual([]);
  });

  it('have the defaults that the services have', async () => {
    const known = await schemas();
    const wrong = documented().filter(({ name, shown }) => {
      const { fallback, secret, demoValue } = known.get(name) ?? {
        fallback: undefined,
        secret: true,
        demoValue: undefined,
      };
      if (secret || fallback === undefined || demoValue !== undefined) return false;
      return !shown.split(/[,;\s]+/).some((word) => word.replaceAll('`', '') === fallback);
    });
    expect(wrong).toEqual([]);
  });

  it('are all those that no service documents, because only a command or the launcher reads them', async () => {
    const known = await schemas();
    const found = new Set(documented().map(({ name }) => name));
    const only = [...readByTools()].filter((name) => !known.has(name) && !NOT_FOR_PEOPLE.includes(name));
    expect(only.length).toBeGreaterThan(4);
    expect(only.filter((name) => !found.has(name))).toEqual([]);
  });
});

describe('the settings in the READMEs', () => {
  it('are looked at for every service', () => {
    expect(apps).toHaveLength(readdirSync(join(root, 'apps')).length);
  });

  it.each(apps)('are those of config.ts in apps/%s: names, defaults and meanings', async (app) => {
    const readme = readFileSync(join(root, 'apps', app, 'README.md'), 'utf8');
    const [, configuration = ''] = readme.split('\n## Configuration\n');
    // A path of this clone is the same for everybody once it is seen from the root.
    const written = configTable(await schemaOf(app)).replaceAll(`${root}/`, '');
    expect(rowsOf(configuration.split('\n## ')[0] ?? '')).toEqual(rowsOf(written));
  });
});

describe('the commands in the README', () => {
  it('are all those that package.json runs with tools/run.mjs', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const commands = Object.entries(scripts).flatMap(([name, run]) => (/tools\/run/.test(String(run)) ? name : []));
    expect(commands.length).toBeGreaterThan(5);
    for (const name of commands) expect(readme).toContain(`| \`npm run ${name}`);
  });
});
