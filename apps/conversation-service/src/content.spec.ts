import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ContentSnapshot } from './domain/content-snapshot.js';
import { parseTranscript, type Setting } from './domain/transcript.js';
import { readContent } from './outbound/content/content-folder.js';
import { annotatedUnderstanding } from './outbound/in-memory/annotated-understanding.js';
import { InMemoryStage } from './outbound/in-memory/stage.js';
import { PlayTranscript } from './usecases/play-transcript.js';
import { turnsAlone } from './usecases/turns-alone.js';

const folder = join(import.meta.dirname, '../../../content');
const { documents, problems } = await readContent(folder);
const chats = readdirSync(join(folder, 'flows')).filter((name) => name.endsWith('.chat'));
const scenesOf = (chat: string): ReturnType<typeof parseTranscript> =>
  parseTranscript(readFileSync(join(folder, 'flows', chat), 'utf8'));

const player = (): PlayTranscript => {
  const content = new ContentSnapshot(documents!);
  const setStage = async (settings: readonly Setting[]): Promise<InMemoryStage> => new InMemoryStage(settings);
  return new PlayTranscript(content, turnsAlone(content, setStage, annotatedUnderstanding));
};

describe('content', () => {
  it('has nothing that lint would name', () => {
    expect(problems).toEqual([]);
  });

  it('has a transcript for every flow', () => {
    expect(chats).toEqual(documents!.flows.map(({ flow }) => `${flow}.chat`));
  });

  describe.each(chats)('%s', (chat) => {
    const scenes = scenesOf(chat);

    it('has a scene in every language', () => {
      const spoken = scenes.flatMap(({ settings }) => settings.filter((s) => s.name === 'language').map((s) => s.text));
      const wanted = documents!.languages.map((l) => l.language).filter((language) => language !== 'en');
      expect(wanted.filter((language) => !spoken.includes(language))).toEqual([]);
    });

    it.each(scenes.map((scene) => [scene.title, scene] as const))('%s', async (_title, scene) => {
      expect(await player().run(scene)).toEqual([]);
    });
  });

  it('finds what does not happen as a transcript says', async () => {
    const [scene] = parseTranscript(
      ['scene: wrong', '> hello # greeting', '< Goodbye.', '  handoff requested', '  row 1234', '> (reaction)'].join(
        '\n',
      ),
    );
    expect((await player().run(scene!)).map(({ line }) => line)).toEqual([3, 4, 5, 6]);
  });
});
