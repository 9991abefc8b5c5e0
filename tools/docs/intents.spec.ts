import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../launcher/paths.mjs';

const of = (app: string, file: string): Promise<unknown> => import(join(root, 'apps', app, 'src', `${file}.ts`));

describe('the intents that content may name', () => {
  it('are those that the model knows', async () => {
    const { BUILT_IN_INTENTS } = (await of('conversation-service', 'domain/known-intents')) as {
      BUILT_IN_INTENTS: ReadonlySet<string>;
    };
    const { MODEL_FILE, readModel } = (await of('intent-service', 'outbound/model/model-file')) as {
      MODEL_FILE: URL;
      readModel(file: Buffer): { intent: { weights: { labels: string[] } } };
    };
    expect([...BUILT_IN_INTENTS].sort()).toEqual(readModel(readFileSync(MODEL_FILE)).intent.weights.labels.toSorted());
  });
});
