// npm run eval -- [file ...]: how well labelled texts are understood.
import { resolve, join } from 'node:path';
import { root } from '../launcher/paths.mjs';

const USAGE = `npm run eval                 the utterances in data/ that the model never learned from
npm run eval -- file.jsonl   any labelled file: text, language (or lang), intent, entities with type, start and end`;

export async function main(args) {
  if (args.includes('--help')) {
    console.log(USAGE);
    return 0;
  }
  const { evalCommand } = await import(join(root, 'apps/intent-service/dist/eval-cli.js'));
  return evalCommand(
    args.map((file) => resolve(process.env.INIT_CWD ?? '.', file)),
    (line) => console.log(line),
  );
}
