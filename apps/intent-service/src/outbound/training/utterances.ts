import { readdirSync, readFileSync } from 'node:fs';
import { AppError } from '@parley/errors';
import type { Line } from '../../domain/lint-finding.js';
import type { Utterance } from '../../domain/utterance.js';

/** Where the training data lies. */
export const UTTERANCES = new URL('../../../data/utterances/', import.meta.url);

/** Reads the training data, a file per language. @throws AppError INTERNAL `INTENT.DATA_BROKEN` with file and line */
export function readUtterances(folder: URL = UTTERANCES): Utterance[] {
  return filesIn(folder).flatMap((file) => readLabelled<Utterance>(new URL(file, folder)));
}

const filesIn = (folder: URL): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .sort();

/** Reads the lines of the training data for somebody who wants to know what is wrong with them. */
export function readLines(folder: URL = UTTERANCES): Line[] {
  return filesIn(folder).flatMap((file) =>
    readFileSync(new URL(file, folder), 'utf8')
      .split('\n')
      .flatMap((text, index) => (text.trim() === '' ? [] : [{ file, line: index + 1, value: parsed(text) }])),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads a file of one JSON object per line. @throws AppError INTERNAL `INTENT.DATA_BROKEN` with file and line */
export function readLabelled<T>(file: URL): T[] {
  const name = file.pathname.split('/').at(-1) ?? '';
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, index) => {
      if (line.trim() === '') return [];
      try {
        return [JSON.parse(line) as T];
      } catch (cause) {
        const message = `${name} line ${index + 1} is not JSON.`;
        throw new AppError({ code: 'INTERNAL', reason: 'INTENT.DATA_BROKEN', message, cause });
      }
    });
}
