import { readFile, writeFile } from 'node:fs/promises';
import { parserOf } from './app.module.js';
import type { Finding } from './domain/lint-finding.js';
import { isHeldOut, type Utterance } from './domain/utterance.js';
import { MODEL_FILE, readModel, writeModel } from './outbound/model/model-file.js';
import { readLines, readUtterances } from './outbound/training/utterances.js';
import { digestOf } from './usecases/describe-data.js';
import { evaluateParser } from './usecases/evaluate-parser.js';
import { hardFaults, lintData } from './usecases/lint-data.js';
import { modelCard } from './usecases/model-card.js';
import { trainHeads } from './usecases/train-heads.js';

type Print = (line: string) => void;

const SEED = 7;

/** Findings of a kind that are shown. */
const SHOWN = 10;

/**
 * `npm run train [-- --check | --lint [n]]`: exit code 0 when model and card are written, or are those that the data gives, or
 * when nothing is in the data that must not be there.
 */
export async function trainCommand(args: readonly string[], print: Print): Promise<number> {
  if (args[0] === '--lint') return report(lintData(readLines()), Number(args[1]) || SHOWN, print);
  if (args.includes('--check') && report(hardFaults(readLines()).filter(isThere), SHOWN, print) !== 0) return 1;
  const utterances = readUtterances();
  const data = digestOf(utterances);
  if (args.includes('--check')) return check(data, utterances, print);
  print(`${utterances.length} utterances, seed ${SEED}`);
  const heads = trainHeads(utterances, SEED, print);
  const file = writeModel(heads, { format: 1, data, seed: SEED });
  await writeFile(MODEL_FILE, file);
  for (const [name, text] of Object.entries(cardOf(file, utterances))) await writeFile(new URL(name, MODEL_FILE), text);
  print(`${(file.length / 1e6).toFixed(1)} MB, temperature ${heads.intent.weights.temperature.toFixed(2)}`);
  return 0;
}

const isThere = ({ count }: Finding): boolean => count > 0;

function report(findings: readonly Finding[], most: number, print: Print): number {
  for (const { check, hard, count, worst } of findings.filter(isThere)) {
    print(`\n${check}: ${count}${hard ? ', which must not be' : ''}`);
    for (const line of worst.slice(0, most)) print(`  ${line}`);
  }
  for (const { check, hard, count } of findings) {
    print(`${hard && count > 0 ? 'FAULT' : '     '} ${check.padEnd(50)}${String(count).padStart(7)}`);
  }
  return findings.some(({ hard, count }) => hard && count > 0) ? 1 : 0;
}

async function check(data: string, utterances: readonly Utterance[], print: Print): Promise<number> {
  const file = await readFile(MODEL_FILE);
  if (readModel(file).header.data !== data) {
    print('The model was trained from other utterances than those in data/. Run: npm run train');
    return 1;
  }
  for (const [name, text] of Object.entries(cardOf(file, utterances))) {
    const written = await readFile(new URL(name, MODEL_FILE), 'utf8').catch(() => '');
    if (written === text) continue;
    print(`model/${name} is not what this model and this parser give. Run: npm run train`);
    return 1;
  }
  return 0;
}

function cardOf(file: Buffer, utterances: readonly Utterance[]): Record<string, string> {
  const { header, ...heads } = readModel(file);
  const { temperature } = heads.intent.weights;
  const evaluation = evaluateParser(parserOf(heads), utterances.filter(isHeldOut));
  return modelCard({ ...header, bytes: file.length, temperature }, utterances, evaluation);
}
