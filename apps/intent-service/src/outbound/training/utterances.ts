import { readFileSync } from 'node:fs';
import { AppError } from '@parley/errors';

/** One line of data/utterances.jsonl; `{order}` stands for an order number. */
export interface Utterance {
  text: string;
  language: string;
  intent: string;
}

/** Numbers of all the shapes customers write, so that no single one is learned by heart. */
const NUMBERS = ['1234', 'SO-10023', '#48213', '55-A', 'WEB/2026/00081', '700412'];

/** Reads the training data. @throws AppError INTERNAL `INTENT.DATA_BROKEN` with the line */
export function readUtterances(file = new URL('../../../data/utterances.jsonl', import.meta.url)): Utterance[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      const row = JSON.parse(line) as Utterance;
      return [{ ...row, text: row.text.replaceAll('{order}', NUMBERS[index % NUMBERS.length] ?? '') }];
    } catch (cause) {
      const message = `data/utterances.jsonl line ${index + 1} is not JSON.`;
      throw new AppError({ code: 'INTERNAL', reason: 'INTENT.DATA_BROKEN', message, cause });
    }
  });
}
