import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
/** Only a run that fails or hangs takes this long. */
const PATIENCE_MS = 900_000;

/** `npm run faults -- ...`, with everything it printed. */
async function faults(...args: string[]): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [join(root, 'tools/run.mjs'), 'faults', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { code: code ?? 1, output };
}

describe('a short fault run', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-faults-short-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each([
    ['embedded', ['--messages', '300', '--places', '25']],
    ['kafka', ['--messages', '120', '--places', '8']],
  ])(
    'loses nothing and doubles nothing, on the %s bus',
    async (bus, args) => {
      const history = join(folder, `${bus}.jsonl`);
      const { code, output } = await faults('--bus', bus, '--seed', '7', '--history', history, ...args);
      // The whole output, so that a red run can be read where it failed.
      expect({ code, output }).toEqual({ code: 0, output });
    },
    PATIENCE_MS,
  );
});
