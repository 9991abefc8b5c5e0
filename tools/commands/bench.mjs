// npm run bench [name] [--option value]: runs benchmarks, prints their tables, writes bench/results/<name>.json and docs/benchmarks.md.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { optionLines, parseOptions } from '../../bench/support/options.mjs';
import { machine, machineText } from '../../bench/support/machine.mjs';
import { replaceSection, sectionText } from '../../bench/support/sections.mjs';
import { root } from '../launcher/paths.mjs';

const folder = join(root, 'bench');
const docs = join(root, 'docs/benchmarks.md');
/** What needs least comes first; whatever else lies in the folder runs after these. */
const FIRST = [
  ...['start', 'latency', 'hostile', 'audit', 'ceiling', 'pipeline', 'intake', 'end-to-end', 'cost'],
  ...['opt-out', 'recovery', 'scale', 'soak', 'lanes'],
];
const found = readdirSync(folder).flatMap((file) => (file.endsWith('.mjs') ? file.slice(0, -4) : []));
const names = [...FIRST, ...found.filter((name) => !FIRST.includes(name))];
const USAGE = `Usage: npm run bench [-- <name> [--option value ...]]
Without a name all of them run. Each prints a table and writes bench/results/<name>.json and its section of docs/benchmarks.md;
with --docs no the section is left as it is. npm run bench -- <name> --help shows the options of one.`;
const HEAD = `# Benchmarks

Written by \`npm run bench\`; each section is the last run of one benchmark. How to run and read them: [bench](../bench/README.md).
`;
const DOCS = {
  docs: { fallback: 'yes', help: 'write the section of docs/benchmarks.md (yes | no)', words: ['yes', 'no'] },
};

const load = (name) => import(join(folder, `${name}.mjs`));

async function help(name) {
  if (name) {
    const { help: text, options = {} } = await load(name);
    console.log([`${name}: ${text}`, ...optionLines({ ...options, ...DOCS })].join('\n'));
    return;
  }
  console.log(USAGE);
  for (const one of names) console.log(`${one.padEnd(10)} ${(await load(one)).help}`);
}

/** Formatted as `npm run format` would, so that a result is never a failed check. */
async function writeSection(section) {
  const { format, resolveConfig } = await import('prettier');
  const before = existsSync(docs) ? readFileSync(docs, 'utf8') : HEAD;
  const text = replaceSection(before, section.name, sectionText(section));
  writeFileSync(docs, await format(text, { ...(await resolveConfig(docs)), parser: 'markdown' }));
}

/** @param {boolean} short what a benchmark of many is content with, where one alone would take its time */
async function runOne(name, args, short) {
  const { run, help: text, notes, options = {}, shorter = [] } = await load(name);
  const all = short ? [...shorter, ...args] : args;
  const { docs: write, ...chosen } = parseOptions(all, { ...options, ...DOCS });
  const on = machine();
  const began = Date.now();
  console.log(`== ${name}`);
  const rows = await run(chosen, (line) => process.stderr.write(`${line}\n`));
  console.table(rows);
  console.log(`== ${name} took ${Math.round((Date.now() - began) / 1000)} s`);
  const command = ['npm run bench --', name, ...all].join(' ');
  const date = new Date().toISOString().slice(0, 10);
  mkdirSync(join(folder, 'results'), { recursive: true });
  const result = { name, date, command, machine: on, options: chosen, rows };
  writeFileSync(join(folder, 'results', `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  if (write === 'yes') await writeSection({ name, help: text, notes, rows, command, machine: machineText(on), date });
}

export async function main(args) {
  const [name, ...rest] = args[0]?.startsWith('--') ? [undefined, ...args] : args;
  if (name && !names.includes(name)) {
    console.error(`There is no benchmark "${name}". There are: ${names.join(', ')}`);
    return 2;
  }
  if (args.includes('--help')) return help(name).then(() => 0);
  if (!name && rest.length > 0 && rest[0] !== '--docs') {
    console.error(`Options belong to one benchmark: npm run bench -- <name> ${rest.join(' ')}`);
    return 2;
  }
  let failed = 0;
  for (const one of name ? [name] : names) {
    try {
      await runOne(one, rest, !name);
    } catch (error) {
      failed += 1;
      console.error(`${one}: ${error.message}`);
    }
  }
  return failed > 0 ? 1 : 0;
}
