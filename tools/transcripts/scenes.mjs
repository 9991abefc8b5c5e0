// All transcripts of the content folder, and what plays them on the services.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../launcher/paths.mjs';
import { loadModules } from './modules.mjs';
import { openTheatre } from './theatre.mjs';

/**
 * @typedef {{ title: string, line: number }} Scene
 * @typedef {{ line: number, message: string }} Mismatch
 * @typedef {{ play(scene: Scene): Promise<Mismatch[]>, close(): Promise<void> }} Stage
 */

/**
 * @param {(app: string, file: string) => Promise<object>} load
 * @param {string} [folder]
 * @returns {Promise<{ chats: { name: string, scenes: Scene[] }[], parse(source: string): Scene[], open(): Promise<Stage> }>}
 */
export async function readTranscripts(load, folder = join(root, 'content')) {
  const modules = await loadModules(load);
  const { ContentSnapshot, parseTranscript, PlayTranscript, readContent } = modules.conversation;
  const { documents, problems } = await readContent(folder);
  if (documents === null || problems.length > 0)
    throw new Error('The content is not valid; run: npm run content -- lint');
  const content = new ContentSnapshot(documents);
  const names = (await readdir(join(folder, 'flows'))).filter((name) => name.endsWith('.chat')).sort();
  const chats = names.map(async (name) => {
    const source = await readFile(join(folder, 'flows', name), 'utf8');
    return { name, scenes: parseTranscript(source) };
  });
  const open = async () => {
    const theatre = await openTheatre(modules, content, folder);
    const player = new PlayTranscript(content, theatre.begin);
    return { play: (scene) => player.run(scene), close: theatre.close };
  };
  return { chats: await Promise.all(chats), parse: parseTranscript, open };
}
