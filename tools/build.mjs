// Builds one package: src/**/*.ts to dist/**/*.js, file by file. Run in the package's folder.
import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformFile } from '@swc/core';

const configFile = fileURLToPath(new URL('../.swcrc', import.meta.url));
const isTestOnly = (file) => /\.(spec|int-spec|contract)\.ts$/.test(file);
const files = await readdir('src', { recursive: true });

await rm('dist', { recursive: true, force: true });
await Promise.all(
  files.map(async (file) => {
    const source = join('src', file);
    if (/\.(json|binpb|html|css|js|svg|yaml|sql)$/.test(file)) {
      await mkdir(dirname(join('dist', file)), { recursive: true });
      return cp(source, join('dist', file));
    }
    if (!file.endsWith('.ts') || isTestOnly(file)) return undefined;
    const out = join('dist', file.replace(/\.ts$/, '.js'));
    const sourceFileName = relative(dirname(out), source);
    const { code, map } = await transformFile(source, { configFile, swcrc: false, sourceFileName });
    await mkdir(dirname(out), { recursive: true });
    await writeFile(out, `${code}\n//# sourceMappingURL=${basename(out)}.map\n`);
    return writeFile(`${out}.map`, map ?? '');
  }),
);
