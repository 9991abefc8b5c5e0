import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { System } from './system.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** Runs one of the project's commands (`npm run <name> -- <args>`) against a system, or with settings of its own. */
export async function command(
  system: Pick<System, 'env'>,
  name: string,
  ...args: string[]
): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [join(root, 'tools/run.mjs'), name, ...args], {
    cwd: root,
    env: { ...process.env, ...system.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('exit', (status) => resolve(status)));
  return { code: code ?? 1, output };
}
