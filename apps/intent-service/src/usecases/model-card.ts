import { svgOf } from '../domain/chart.js';
import { reliability, riskCoverage } from '../domain/evaluate.js';
import { isHeldOut, type Utterance } from '../domain/utterance.js';
import { FIGURES, type Evaluation } from './evaluate-parser.js';

/** What a model file says of itself, and how large it is. */
export interface About {
  readonly data: string;
  readonly seed: number;
  readonly bytes: number;
  readonly temperature: number;
}

/** Points of a curve; more cannot be told apart. */
const MOST_POINTS = 200;

/** A table of GitHub's Markdown; the first column is text, the others are numbers. */
function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const texts = [head, ...rows.map((row) => row.map(String))];
  const widths = head.map((_, column) => Math.max(3, ...texts.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, n) => cell.padEnd(widths[n] ?? 0)).join(' | ')} |`;
  const [first = [], ...rest] = texts;
  return [line(first), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rest.map(line)].join('\n');
}

const share = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? '' : value.toFixed(3);

function dataTable(utterances: readonly Utterance[]): string {
  const byLanguage = Object.entries(Object.groupBy(utterances, ({ language }) => language)).sort();
  const rows = byLanguage.map(([language, own = []]) => {
    const oos = own.filter(({ intent }) => intent === 'oos').length;
    return [language, own.length, oos, own.filter(isHeldOut).length];
  });
  return table(['language', 'utterances', 'out of scope', 'held out'], rows);
}

function intentTable({ judged }: Evaluation): string {
  const intents = [...new Set(judged.map(({ intent }) => intent))].sort();
  const rows = intents.map((intent) => {
    const meant = judged.filter((row) => row.intent === intent);
    const said = judged.filter(({ answer }) => answer === intent);
    const hits = meant.filter(({ answer }) => answer === intent).length;
    return [intent, meant.length, share(hits / said.length), share(hits / meant.length)];
  });
  return table(['intent', 'texts', 'precision', 'recall'], rows);
}

function figureTable({ intents, lostToNoise, byLanguage }: Evaluation): string {
  const figures = FIGURES.map(([figure, title]) => [title, share(intents?.[figure])]);
  const languages = Object.entries(byLanguage).sort();
  return table(
    ['figure', 'value'],
    [
      ...figures,
      ['accuracy lost when typed in a hurry', share(lostToNoise)],
      ...languages.map(([language, accuracy]) => [`accuracy in scope, ${language}`, share(accuracy)]),
    ],
  );
}

/** Files of the model's card, by name: what it was trained from, how good it is on what it has not seen, and two curves. */
export function modelCard(
  about: About,
  utterances: readonly Utterance[],
  evaluation: Evaluation,
): Record<string, string> {
  const { judged } = evaluation;
  const curve = riskCoverage(judged);
  const step = Math.max(1, Math.ceil(curve.length / MOST_POINTS));
  const card = `# Model card

Written by \`npm run train\`; \`npm run train -- --check\` says whether model, data and card belong together.

Two linear models over hashed words and pieces of words, a byte per weight: one for the intent, one for the language. Trained from
the utterances in \`data/utterances/\`, written for this project, each also as somebody would have typed it in a hurry. No data of
customers and none of other people's. It is for short messages of customers to a business; it does not understand numbers, negations
over several words, or two wishes at once, and whoever writes in a language that is not in the table is not understood.

- Data: SHA-256 \`${about.data}\`
- Seed ${about.seed}, temperature ${about.temperature.toFixed(2)}, ${(about.bytes / 1e6).toFixed(2)} MB

## Data

${dataTable(utterances)}

## On the utterances it never learned from

These are written by the same hands as the others; strangers write otherwise, and every figure is lower there. \`npm run eval -- <file>\`
prints the same figures on any labelled file.

${figureTable(evaluation)}

![Reliability](reliability.svg) ![Risk and coverage](risk-coverage.svg)

${intentTable(evaluation)}
`;
  return {
    'card.md': card,
    'reliability.svg': svgOf({
      title: 'Reliability',
      x: 'confidence',
      y: 'share that is right',
      points: reliability(judged).map(({ confidence, right }) => [confidence, right]),
      diagonal: true,
    }),
    'risk-coverage.svg': svgOf({
      title: 'Risk and coverage',
      x: 'share of messages answered, the surest first',
      y: 'share of answers that is wrong',
      points: curve.filter((_, at) => at % step === 0).map(({ coverage, risk }) => [coverage, risk]),
    }),
  };
}
