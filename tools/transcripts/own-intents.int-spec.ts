import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../launcher/paths.mjs';
import { fromSource } from './modules.mjs';
import { readTranscripts } from './scenes.mjs';

/** The example of content/README.md: its files by their paths below `content/`. */
async function example(): Promise<Map<string, string>> {
  const readme = await readFile(join(root, 'content/README.md'), 'utf8');
  const blocks = [...readme.matchAll(/^```\w*\n# content\/(\S+?),?( .*)?\n([^]*?)^```$/gm)];
  return new Map(blocks.map(({ 1: path = '', 3: text = '' }) => [path, text]));
}

/** A copy of the content with the example in it. */
async function contentWith(files: ReadonlyMap<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-own-intents-'));
  await cp(join(root, 'content'), folder, { recursive: true });
  for (const [path, text] of files) {
    if (path.startsWith('replies/')) {
      for (const name of await readdir(join(folder, 'replies')))
        await appendFile(join(folder, 'replies', name), `\n${text}`);
    } else {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
  }
  return folder;
}

const files = await example();
const folder = await contentWith(files);
const { chats, open } = await readTranscripts(fromSource, folder);
const { scenes } = chats.find(({ name }) => name === 'engraving.chat') ?? { scenes: [] };

describe('an intent of the business itself, as content/README.md shows it', () => {
  let stage: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    stage = await open();
  }, 60_000);
  afterAll(async () => {
    await stage.close();
    await rm(folder, { recursive: true });
  });

  it('is an intent, a flow, its replies and a transcript', () => {
    expect([...files.keys()].sort()).toEqual([
      'flows/engraving.chat',
      'flows/engraving.yaml',
      'intents/engraving.yaml',
      'replies/en.yaml',
    ]);
    expect(scenes).toHaveLength(4);
  });

  it.each(scenes)('answers: $title', async (scene) => {
    expect(await stage.play(scene)).toEqual([]);
  });

  it('passes the lint, with figures', async () => {
    const { contentCommand } = (await fromSource('conversation-service', 'content-cli')) as {
      contentCommand: (
        args: string[],
        folder: string,
        print: (line: string) => void,
        others: object,
      ) => Promise<number>;
    };
    const { lintOwnIntents } = (await fromSource('intent-service', 'own-intents-cli')) as { lintOwnIntents: unknown };
    const lines: string[] = [];
    const others = { lintIntents: lintOwnIntents, openTheatre: () => Promise.reject(new Error('not asked for')) };
    expect(await contentCommand(['lint'], folder, (line) => lines.push(line), others)).toBe(0);
    expect(lines[0]).toMatch(/^engraving: 12 examples, precision 1\.00, recall /);
    expect(lines.at(-1)).toMatch(/fine$/);
  });
});
