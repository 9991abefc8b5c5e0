import { pathToFileURL } from 'node:url';
import { parseMessage } from './app.module.js';
import { isHeldOut } from './domain/utterance.js';
import { readLabelled, readUtterances } from './outbound/training/utterances.js';
import { evaluateParser, FIGURES, type Evaluation, type Labelled } from './usecases/evaluate-parser.js';

type Print = (line: string) => void;
/** A row of any labelled file; some name the language `lang`. */
type Row = Omit<Labelled, 'language'> & { language?: string; lang?: string };

/** `npm run eval -- [file ...]`: how well labelled texts are understood; without a file those the model never learned from. */
export function evalCommand(files: readonly string[], print: Print): number {
  const parser = parseMessage();
  const sets: [string, Labelled[]][] =
    files.length === 0
      ? [['held-out utterances', readUtterances().filter(isHeldOut)]]
      : files.map((file) => [file, readLabelled<Row>(pathToFileURL(file)).map(known)]);
  for (const [name, rows] of sets) report(name, rows.length, evaluateParser(parser, rows), print);
  return 0;
}

const known = ({ lang = '', language = lang, ...row }: Row): Labelled => ({ ...row, language });

function report(name: string, count: number, evaluation: Evaluation, print: Print): void {
  const { intents, lostToNoise, byLanguage, spans, languages, msPerText } = evaluation;
  print(`\n${name}: ${count} texts, ${msPerText.toFixed(3)} ms each\n`);
  if (intents) {
    print(`${'in scope'.padEnd(56)}${intents.inScope}`);
    print(`${'out of scope'.padEnd(56)}${intents.outOfScope}`);
    for (const [figure, title] of FIGURES) print(`${title.padEnd(56)}${intents[figure].toFixed(3)}`);
    print(`${'accuracy lost when typed in a hurry'.padEnd(56)}${(lostToNoise ?? 0).toFixed(3)}`);
    const each = Object.entries(byLanguage).map(([language, accuracy]) => `${language} ${accuracy.toFixed(2)}`);
    print(`by language: ${each.sort().join(', ')}`);
  }
  if (languages !== undefined) print(`${'language recognised'.padEnd(56)}${languages.toFixed(3)}`);
  for (const { type, marked, found, f1 } of spans) {
    print(`${`spans of ${type}: ${marked} marked, ${found} found, F1`.padEnd(56)}${f1.toFixed(3)}`);
  }
}
