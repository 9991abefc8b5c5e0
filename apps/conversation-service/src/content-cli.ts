import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ContentSnapshot } from './domain/content-snapshot.js';
import { parseTranscript } from './domain/transcript.js';
import { readContent } from './outbound/content/content-folder.js';
import { filesIn } from './outbound/content/read-yaml.js';
import { annotatedUnderstanding } from './outbound/in-memory/annotated-understanding.js';
import { InMemoryStage } from './outbound/in-memory/stage.js';
import { PlayTranscript } from './usecases/play-transcript.js';

type Print = (line: string) => void;

/** `npm run content -- lint|test`: exit code 0 when everything is fine, 1 when something is wrong, 2 for a wrong command. */
export async function contentCommand(args: readonly string[], folder: string, print: Print): Promise<number> {
  const [command, ...names] = args;
  if (command === 'lint') return lint(folder, print);
  if (command === 'test') return test(folder, names, print);
  print('Say what to do: npm run content -- lint, or npm run content -- test [flow ...]');
  return 2;
}

async function lint(folder: string, print: Print): Promise<number> {
  const { documents, problems } = await readContent(folder);
  for (const { file, line, message } of problems) print(`content/${file}:${line} ${message}`);
  if (problems.length > 0 || documents === null) {
    print(`${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`);
    return 1;
  }
  const { version } = new ContentSnapshot(documents);
  print(`${documents.flows.length} flows, ${documents.languages.length} languages, version ${version}: fine`);
  return 0;
}

async function test(folder: string, names: readonly string[], print: Print): Promise<number> {
  const { documents, problems } = await readContent(folder);
  if (documents === null || problems.length > 0) {
    print('The content is not valid; run: npm run content -- lint');
    return 1;
  }
  const player = new PlayTranscript(
    new ContentSnapshot(documents),
    (settings) => Promise.resolve(new InMemoryStage(settings)),
    annotatedUnderstanding,
  );
  let [passed, failed] = [0, 0];
  for (const file of await filesIn(folder, 'flows', '.chat')) {
    if (names.length > 0 && !names.some((name) => file === join('flows', `${name}.chat`))) continue;
    for (const scene of parseTranscript(await readFile(join(folder, file), 'utf8'))) {
      const mismatches = await player.run(scene);
      for (const { line, message } of mismatches) print(`content/${file}:${line} ${scene.title}: ${message}`);
      if (mismatches.length === 0) passed += 1;
      else failed += 1;
    }
  }
  print(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}
