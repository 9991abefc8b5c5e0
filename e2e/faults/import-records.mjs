// Loads customers and orders with `npm run import`, as anybody would.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../tools/launcher/paths.mjs';

/** @throws with the command's output when it was not loaded */
export async function importRecords(system, files) {
  const folder = await mkdtemp(join(tmpdir(), 'parley-faults-import-'));
  try {
    await Promise.all(
      Object.entries(files).map(([name, rows]) => writeFile(join(folder, `${name}.json`), JSON.stringify(rows))),
    );
    const child = spawn(process.execPath, [join(root, 'tools/run.mjs'), 'import', folder], {
      cwd: root,
      env: { ...process.env, ...system.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    const code = await new Promise((resolve) => child.once('exit', resolve));
    if (code !== 0) throw new Error(`The import failed: ${output.trim()}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
