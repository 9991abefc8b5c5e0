// Lints the protos, generates libs/contracts/src/gen and the descriptor set for reflection.
// --check: the same into a scratch folder, compared with what is checked in, and `buf breaking` against the last release.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = join(root, 'node_modules/.bin');
const gen = 'libs/contracts/src/gen';
const check = process.argv.includes('--check');
const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
const buf = (...args) => execFileSync(join(bin, 'buf'), args, { cwd: root, env, stdio: 'inherit' });

function generate(into) {
  buf('generate', '--output', into);
  buf('build', '--output', join(into, gen, 'descriptors.binpb'));
}

function differences(left, right) {
  const list = (dir) => readdirSync(dir, { recursive: true, withFileTypes: true }).filter((e) => e.isFile());
  const names = (dir) => list(dir).map((e) => join(e.parentPath, e.name).slice(dir.length + 1));
  const all = new Set([...names(left), ...names(right)]);
  const same = (name) =>
    existsSync(join(left, name)) &&
    existsSync(join(right, name)) &&
    readFileSync(join(left, name)).equals(readFileSync(join(right, name)));
  return [...all].filter((name) => !same(name));
}

try {
  buf('lint');
  buf('format', '--diff', '--exit-code');
  const scratch = mkdtempSync(join(tmpdir(), 'parley-proto-'));
  generate(scratch);
  if (check) {
    const stale = differences(join(scratch, gen), join(root, gen));
    if (stale.length > 0) throw new Error(`generated code is stale, run "npm run proto": ${stale.join(', ')}`);
    buf('breaking', '--against', join(root, 'proto/released.binpb'));
  } else {
    rmSync(join(root, gen), { recursive: true, force: true });
    cpSync(join(scratch, gen), join(root, gen), { recursive: true });
  }
  rmSync(scratch, { recursive: true, force: true });
  console.log(check ? 'protos: lint, format, generated code and compatibility are fine' : 'protos: generated');
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
