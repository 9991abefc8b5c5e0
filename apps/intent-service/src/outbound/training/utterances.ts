import { readdirSync, readFileSync } from 'node:fs';
import { AppError } from '@parley/errors';
import type { Utterance } from '../../domain/utterance.js';

const FOLDER = new URL('../../../data/utterances/', import.meta.url);

/** Reads the training data, a file per language. @throws AppError INTERNAL `INTENT.DATA_BROKEN` with file and line */
export function readUtterances(folder: URL = FOLDER): Utterance[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.jsonl'));
  return files.sort().flatMap((file) => readLabelled<Utterance>(new URL(file, folder)));
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
