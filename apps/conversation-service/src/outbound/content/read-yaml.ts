import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LineCounter, parseDocument, type Document } from 'yaml';

/** A YAML file of the content, with the means to name a line of it. */
export interface YamlFile {
  /** Path below the content folder. */
  file: string;
  value: unknown;
  /** Line of the node at a path of keys and indexes, or of the nearest node above it. */
  lineOf(path: readonly (string | number)[]): number;
}

/** A file that is not YAML. */
export interface UnreadableFile {
  file: string;
  line: number;
  message: string;
}

/** Reads one YAML file (1.2, no custom tags, no duplicate keys). */
export async function readYaml(folder: string, file: string): Promise<YamlFile | UnreadableFile> {
  const lines = new LineCounter();
  const document = parseDocument(await readFile(join(folder, file), 'utf8'), { lineCounter: lines, prettyErrors: false });
  const [problem] = document.errors;
  if (problem !== undefined) return { file, line: lines.linePos(problem.pos[0]).line, message: problem.message };
  return { file, value: document.toJS() as unknown, lineOf: (path) => lineAt(document, lines, path) };
}

/** Names of the files in a folder of the content with one of the endings, in order; none when there is no such folder. */
export async function filesIn(folder: string, sub: string, ending: string): Promise<string[]> {
  const names = await readdir(join(folder, sub)).catch(() => []);
  return names
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(sub, name));
}

function lineAt(document: Document, lines: LineCounter, path: readonly (string | number)[]): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
