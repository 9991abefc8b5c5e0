import { readFile, writeFile } from 'node:fs/promises';
import { MODEL_FILE, readModel, writeModel } from './outbound/model/model-file.js';
import { readUtterances } from './outbound/training/utterances.js';
import { digestOf } from './usecases/describe-data.js';
import { trainHeads } from './usecases/train-heads.js';

type Print = (line: string) => void;

const SEED = 7;

/** `npm run train [-- --check]`: exit code 0 when the model is written, or is the one that the data gives. */
export async function trainCommand(args: readonly string[], print: Print): Promise<number> {
  const utterances = readUtterances();
  const data = digestOf(utterances);
  if (args.includes('--check')) {
    const { header } = readModel(await readFile(MODEL_FILE));
    if (header.data === data) return 0;
    print('The model was trained from other utterances than those in data/. Run: npm run train');
    return 1;
  }
  print(`${utterances.length} utterances, seed ${SEED}`);
  const heads = trainHeads(utterances, SEED, print);
  const file = writeModel(heads, { format: 1, data, seed: SEED });
  await writeFile(MODEL_FILE, file);
  print(`${(file.length / 1e6).toFixed(1)} MB, temperature ${heads.intent.weights.temperature.toFixed(2)}`);
  return 0;
}
