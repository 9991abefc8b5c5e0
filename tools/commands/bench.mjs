// npm run bench [name]: runs a benchmark, prints its table, writes bench/results/<name>.json.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { root } from '../launcher/paths.mjs';

const folder = join(root, 'bench');
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.mjs') && file !== 'system.mjs')
  .map((file) => file.slice(0, -4));

async function list() {
  for (const name of names) console.log(`${name.padEnd(10)} ${(await import(join(folder, `${name}.mjs`))).help}`);
}

export async function main(args) {
  if (args.includes('--help')) return list().then(() => 0);
  const unknown = args.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    console.error(`There is no benchmark "${unknown[0]}". There are: ${names.join(', ')}`);
    return 2;
  }
  for (const name of args.length > 0 ? args : names) {
    const { run } = await import(join(folder, `${name}.mjs`));
    const rows = await run();
    console.table(rows);
    const machine = { cores: cpus().length, cpu: cpus()[0]?.model, node: process.version };
    mkdirSync(join(folder, 'results'), { recursive: true });
    writeFileSync(join(folder, 'results', `${name}.json`), `${JSON.stringify({ name, machine, rows }, null, 2)}\n`);
  }
  return 0;
}
