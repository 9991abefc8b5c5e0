import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const SMALL = ['--bus', 'embedded', '--rates', '20', '--seconds', '2', '--hold', '0', '--customers', '100'];

interface Result {
  rows: { replies: number; refused: number; unanswered: number; twice: number }[];
}

/** Runs `npm run bench` and gives its exit code with what it said. */
async function bench(...args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [join(root, 'tools/run.mjs'), 'bench', ...args], { cwd: root });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('exit', (status) => resolve(status)));
  return { code, output };
}

describe('npm run bench', () => {
  it('loads a whole system, and every message gets its one reply', async () => {
    const { code, output } = await bench('end-to-end', ...SMALL, '--warmUp', '1', '--docs', 'no');
    expect({ code, output }).toMatchObject({ code: 0 });
    const { rows } = JSON.parse(await readFile(join(root, 'bench/results/end-to-end.json'), 'utf8')) as Result;
    // The first fifth of a window is warm-up.
    expect(rows).toEqual([expect.objectContaining({ replies: 32, refused: 0, unanswered: 0, twice: 0 })]);
  });

  it('says in one line what it does not know', async () => {
    const { code, output } = await bench('end-to-end', '--speed', '1');
    expect(code).toBe(1);
    expect(output).toContain('There is no option "--speed"');
  });
});
