import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ContentSnapshot } from './domain/content-snapshot.js';
import type { BeginScene } from './domain/stage.js';
import { parseTranscript, TranscriptError } from './domain/transcript.js';
import { readContent, type ContentProblem } from './outbound/content/content-folder.js';
import { filesIn } from './outbound/content/read-yaml.js';
import { PlayTranscript } from './usecases/play-transcript.js';

type Print = (line: string) => void;

/** Where scenes are played. */
export interface Theatre {
  begin: BeginScene;
  close(): Promise<void>;
}

/** Opens a theatre for this content. */
export type OpenTheatre = (content: ContentSnapshot) => Promise<Theatre>;

/** What is to be said about the business's own intents by what learns them. */
export interface IntentsReport {
  problems: ContentProblem[];
  warnings: ContentProblem[];
  figures: string[];
}

/** What the command needs of others. */
export interface Neighbours {
  openTheatre: OpenTheatre;
  /** Learns the own intents of a content folder, and says how well that goes. */
  lintIntents: (folder: string) => Promise<IntentsReport>;
}

/** `npm run content -- lint|test`: exit code 0 when everything is fine, 1 when something is wrong, 2 for a wrong command. */
export async function contentCommand(
  args: readonly string[],
  folder: string,
  print: Print,
  { openTheatre, lintIntents }: Neighbours,
): Promise<number> {
  const [command, ...names] = args;
  if (command === 'lint') return lint(folder, print, lintIntents);
  if (command === 'test') return test(folder, names, print, openTheatre);
  print('Say what to do: npm run content -- lint, or npm run content -- test [flow ...]');
  return 2;
}

async function lint(folder: string, print: Print, lintIntents: Neighbours['lintIntents']): Promise<number> {
  const { documents, problems: found } = await readContent(folder);
  // What breaks its schema is said once; the rest is for those who know what the words mean.
  const readable = !found.some(({ file }) => file.startsWith('intents'));
  const report = readable ? await lintIntents(folder) : { problems: [], warnings: [], figures: [] };
  const problems = [...found, ...report.problems];
  for (const line of report.figures) print(line);
  for (const { file, line, message } of report.warnings) print(`content/${file}:${line} warning: ${message}`);
  for (const { file, line, message } of problems) print(`content/${file}:${line} ${message}`);
  if (problems.length > 0 || documents === null) {
    print(`${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`);
    return 1;
  }
  const { version } = new ContentSnapshot(documents);
  print(`${documents.flows.length} flows, ${documents.languages.length} languages, version ${version}: fine`);
  return 0;
}

async function test(folder: string, names: readonly string[], print: Print, openTheatre: OpenTheatre): Promise<number> {
  const { documents, problems } = await readContent(folder);
  if (documents === null || problems.length > 0) {
    print('The content is not valid; run: npm run content -- lint');
    return 1;
  }
  const files = await filesIn(folder, 'flows', '.chat');
  const known = files.map((file) => basename(file, '.chat'));
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    print(`There is no transcript of ${unknown.join(', ')}. There are: ${known.join(', ')}`);
    return 2;
  }
  const chosen = files.filter((_, index) => names.length === 0 || names.includes(known[index]!));
  const content = new ContentSnapshot(documents);
  const theatre = await openTheatre(content);
  try {
    return await playAll(chosen, folder, new PlayTranscript(content, theatre.begin), print);
  } finally {
    await theatre.close();
  }
}

async function playAll(files: string[], folder: string, player: PlayTranscript, print: Print): Promise<number> {
  let [passed, failed] = [0, 0];
  for (const file of files) {
    const wrong = (line: number, message: string): void => print(`content/${file}:${line} ${message}`);
    try {
      for (const scene of parseTranscript(await readFile(join(folder, file), 'utf8'))) {
        const mismatches = await player.run(scene);
        for (const { line, message } of mismatches) wrong(line, `${scene.title}: ${message}`);
        if (mismatches.length === 0) passed += 1;
        else failed += 1;
      }
    } catch (thrown) {
      if (!(thrown instanceof TranscriptError)) throw thrown;
      print(`content/${file}: ${thrown.message}`);
      failed += 1;
    }
  }
  print(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}
