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

describe('the settings in the READMEs', () => {
  it('are looked at for every service', () => {
    expect(apps).toHaveLength(readdirSync(join(root, 'apps')).length);
  });

  it.each(apps)('are those of config.ts in apps/%s: names, defaults and meanings', async (app) => {
    const source = join(root, 'apps', app, 'src/config.ts');
    const { configSchema, schema } = (await import(source)) as { configSchema?: ConfigSchema; schema?: ConfigSchema };
    const readme = readFileSync(join(root, 'apps', app, 'README.md'), 'utf8');
    const [, configuration = ''] = readme.split('\n## Configuration\n');
    // A path of this clone is the same for everybody once it is seen from the root.
    const written = configTable(configSchema ?? schema ?? {}).replaceAll(`${root}/`, '');
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
