import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@parley/errors';
import { LineCounter, parseDocument, type Document } from 'yaml';
import type { OwnIntent } from '../../domain/own/own-intent.js';
import { lintOwn, type OwnProblem } from '../../domain/own/lint-own.js';
import { checkOwnIntentFile } from './own-intent-file.js';

/** One thing that is wrong with a file of the content, and what to do about it. */
export interface ContentProblem {
  file: string;
  line: number;
  message: string;
}

/** The own intents of a content folder, and everything that is wrong with them. */
export interface OwnIntentsReading {
  intents: OwnIntent[];
  problems: ContentProblem[];
  /** Where in the folder a problem of an intent is. */
  place: (problem: OwnProblem) => ContentProblem;
}

interface Source {
  /** Path below the content folder. */
  file: string;
  document: Document;
  lines: LineCounter;
}

/** Reads `intents/*.yaml` of a content folder; without that folder there are no own intents. @param builtIn intents the model has */
export async function readOwnIntents(folder: string, builtIn: readonly string[]): Promise<OwnIntentsReading> {
  const names = await readdir(join(folder, 'intents')).catch(() => []);
  const files = names.filter((name) => name.endsWith('.yaml')).sort();
  const [intents, sources, problems]: [OwnIntent[], Source[], ContentProblem[]] = [[], [], []];
  for (const name of files) {
    const lines = new LineCounter();
    const file = join('intents', name);
    const document = parseDocument(await readFile(join(folder, file), 'utf8'), {
      lineCounter: lines,
      prettyErrors: false,
    });
    const source = { file, document, lines };
    for (const { pos, message } of document.errors) problems.push({ file, line: lines.linePos(pos[0]).line, message });
    if (document.errors.length > 0) continue;
    const checked = checkOwnIntentFile(document.toJS());
    if ('problems' in checked) {
      problems.push(...checked.problems.map(({ path, message }) => ({ file, line: lineOf(source, path), message })));
    } else {
      sources.push(source);
      intents.push({ synonyms: {}, numbers: [], ...checked.file });
    }
  }
  const place = ({ at, path, message }: OwnProblem): ContentProblem => {
    const source = sources[at];
    return { file: source?.file ?? 'intents', line: source ? lineOf(source, path) : 1, message };
  };
  return { intents, problems: [...problems, ...lintOwn(intents, builtIn).map(place)], place };
}

/** The own intents of a content folder. @throws AppError `INTENT.OWN_INTENTS_BROKEN` with everything that is wrong */
export async function usableIntents(folder: string, builtIn: readonly string[]): Promise<OwnIntent[]> {
  const { intents, problems } = await readOwnIntents(folder, builtIn);
  if (problems.length === 0) return intents;
  const lines = problems.map(({ file, line, message }) => `${file}:${line} ${message}`);
  const message = `The own intents cannot be used: ${lines.join('; ')}`;
  throw new AppError({ code: 'INVALID_ARGUMENT', reason: 'INTENT.OWN_INTENTS_BROKEN', message });
}

/** Line of the node at a path of keys and indexes, or of the nearest node above it. */
function lineOf({ document, lines }: Source, path: readonly (string | number)[]): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
