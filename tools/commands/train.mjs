// npm run train: learns the models of intent and language from apps/intent-service/data.
import { join } from 'node:path';
import { root } from '../launcher/paths.mjs';

const USAGE = `npm run train                 trains the intent service's models from its data, same data same model
npm run train -- --check      says whether model and card in place are of the data in place, and the data can stay as they are
npm run train -- --lint [n]   what is wrong or doubtful in the data, the worst n of each kind (10)`;

export async function main(args) {
  if (args.includes('--help')) {
    console.log(USAGE);
    return 0;
  }
  const { trainCommand } = await import(join(root, 'apps/intent-service/dist/train-cli.js'));
  return trainCommand(args, (line) => console.log(line));
}
