import { fromSource } from './modules.mjs';
import { readTranscripts } from './scenes.mjs';

const transcripts = await readTranscripts(fromSource);

describe('transcripts on the services themselves', () => {
  let stage: Awaited<ReturnType<typeof transcripts.open>>;
  beforeAll(async () => {
    stage = await transcripts.open();
  }, 60_000);
  afterAll(() => stage.close());

  describe.each(transcripts.chats)('$name', ({ scenes }) => {
    it.each(scenes)('$title', async (scene) => {
      expect(await stage.play(scene)).toEqual([]);
    });
  });

  it('sees a message that is understood as something else, and effects that were not to be or never came', async () => {
    const source = 'scene: x\n> track order 1234 # greeting\n< ...\n  crm.createTask\n  no crm.logConversation';
    const found = await stage.play(transcripts.parse(source)[0]!);
    expect(found.map(({ line }) => line)).toEqual([2, 4, 5]);
  });
});
