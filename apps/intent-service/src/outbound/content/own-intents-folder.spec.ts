import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@parley/telemetry';
import { eventually } from '@parley/testing';
import { z } from 'zod';
import { OwnIntents } from '../../domain/own/own-intents.js';
import { LinearModel } from '../../domain/linear-model.js';
import { LiveOwnIntents } from './live-own-intents.js';
import { ownIntentFile } from './own-intent-file.js';
import { readOwnIntents } from './own-intents-folder.js';

const GOOD = `intent: engraving
examples:
  - do you engrave
  - engrave a name
  - what does an engraving cost
  - is an engraving possible
  - engrave my ring
`;

describe('content/intents', () => {
  let folder: string;
  const write = (text: string, name = 'engraving'): Promise<void> =>
    writeFile(join(folder, `intents/${name}.yaml`), text);
  const problems = async (): Promise<string[]> =>
    (await readOwnIntents(folder, ['greeting'])).problems.map(
      ({ file, line, message }) => `${file}:${line} ${message}`,
    );

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-intents-'));
    await mkdir(join(folder, 'intents'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is a folder that need not be there', async () => {
    expect(await readOwnIntents(join(folder, 'elsewhere'), [])).toMatchObject({ intents: [], problems: [] });
  });

  it('is read with what files leave out', async () => {
    await write(GOOD);
    const { intents } = await readOwnIntents(folder, ['greeting']);
    expect(intents).toEqual([
      { intent: 'engraving', examples: expect.any(Array) as string[], synonyms: {}, numbers: [] },
    ]);
    expect(await problems()).toEqual([]);
  });

  it.each([
    [
      'too few examples',
      GOOD.replace('  - engrave my ring\n', ''),
      'intents/engraving.yaml:3 too few examples: write 5 to 20',
    ],
    [
      'an unknown key',
      `${GOOD}example: x\n`,
      'intents/engraving.yaml:8 unknown key "example": remove it or correct its name',
    ],
    [
      'a wrong name',
      GOOD.replace('engraving', 'Engraving'),
      'intents/engraving.yaml:1 "intent" must be small letters and _',
    ],
    [
      'a mask that YAML takes for a number',
      `${GOOD}numbers:\n  - type: job\n    masks: [0000]\n`,
      'intents/engraving.yaml:10 a mask must be a text: put it in quotes',
    ],
    [
      'a name Parley has',
      GOOD.replace('intent: engraving', 'intent: greeting'),
      'intents/engraving.yaml:1 "greeting" is an intent that Parley has: write a flow for it, or choose another name',
    ],
    [
      'an example twice',
      GOOD.replace('engrave my ring', 'Do you engrave?'),
      'intents/engraving.yaml:7 "Do you engrave?" is there already ("do you engrave"): write another example',
    ],
  ])('names file and line of %s', async (_what, text, expected) => {
    await write(text);
    expect(await problems()).toEqual([expected]);
  });

  it('names the line where a file is no YAML', async () => {
    await write('intent: [engraving\nexamples: []');
    expect(await problems()).toEqual([expect.stringMatching(/^intents\/engraving\.yaml:2 /)]);
  });

  it('is what editors complete by: the schema beside it says the same as the code', async () => {
    const written = await readFile(new URL('../../../../../content/intents.schema.json', import.meta.url), 'utf8');
    expect(JSON.parse(written)).toEqual(z.toJSONSchema(ownIntentFile));
  });

  describe('that changes', () => {
    const log = createLogger('test', { level: 'silent' });
    const model = new LinearModel({
      labels: ['oos'],
      keys: new Int32Array(),
      step: 1,
      rows: new Int8Array(),
      biases: [0],
      temperature: 1,
    });
    const teacher = {
      builtIn: ['oos'],
      learn: (intents: Parameters<typeof OwnIntents.learn>[0]) => OwnIntents.learn(intents, ['hello'], model),
    };

    it('is learned anew, and stays as it was when it cannot be used', async () => {
      const live = await LiveOwnIntents.open(folder, teacher, log);
      const names = (): string[] => live.current.intents.map(({ intent }) => intent);
      expect(names()).toEqual([]);
      await write(GOOD);
      await eventually(() => expect(names()).toEqual(['engraving']));
      await write('nonsense');
      await write(GOOD.replace('intent: engraving', 'intent: carving').replaceAll(/engrav/g, 'carv'), 'carving');
      await expect(LiveOwnIntents.open(folder, teacher, log)).rejects.toMatchObject({
        reason: 'INTENT.OWN_INTENTS_BROKEN',
      });
      expect(names()).toEqual(['engraving']);
      await rm(join(folder, 'intents/engraving.yaml'));
      await eventually(() => expect(names()).toEqual(['carving']));
      live.close();
    });
  });
});
