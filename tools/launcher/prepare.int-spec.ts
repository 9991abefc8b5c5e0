import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installArguments } from './prepare.mjs';

describe('installing packages', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-install-'));
    mkdirSync(join(folder, 'builder'));
    writeFileSync(join(folder, 'builder/package.json'), '{"name":"builder","version":"1.0.0"}');
    const development = { devDependencies: { builder: 'file:./builder' } };
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'clone', version: '1.0.0', ...development }));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function npm(args: readonly string[]): void {
    const env = { ...process.env, NODE_ENV: 'production' };
    const { status, stderr } = spawnSync('npm', [...args, '--offline'], { cwd: folder, env, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  }

  it('brings what builds Parley in production mode too, on a fresh clone and on one that is used', () => {
    npm(installArguments(false));
    expect(existsSync(join(folder, 'node_modules/builder'))).toBe(true);
    rmSync(join(folder, 'node_modules'), { recursive: true });
    npm(installArguments(true));
    expect(existsSync(join(folder, 'node_modules/builder'))).toBe(true);
  });
});
