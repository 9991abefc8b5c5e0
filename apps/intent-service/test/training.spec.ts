import { parserOf } from '../src/app.module.js';
import { isHeldOut } from '../src/domain/utterance.js';
import { writeModel } from '../src/outbound/model/model-file.js';
import { readUtterances } from '../src/outbound/training/utterances.js';
import { digestOf } from '../src/usecases/describe-data.js';
import { evaluateParser } from '../src/usecases/evaluate-parser.js';
import { modelCard } from '../src/usecases/model-card.js';
import { trainHeads } from '../src/usecases/train-heads.js';

// A twentieth of the data is enough to see that training works, and takes seconds.
const utterances = readUtterances().filter((_, at) => at % 20 === 0);
const train = () => trainHeads(utterances, 7, () => undefined);

describe('training', () => {
  const heads = train();
  const header = { format: 1 as const, data: digestOf(utterances), seed: 7 };
  const file = writeModel(heads, header);
  const unseen = readUtterances().filter((one, at) => isHeldOut(one) && at % 4 === 0);
  const evaluation = evaluateParser(parserOf(heads), unseen);

  it('gives the same file for the same data and seed', () => {
    expect(writeModel(train(), header).equals(file)).toBe(true);
  });

  it('gives another digest for other data, and the same for the same in another order', () => {
    expect(digestOf(utterances.slice(1))).not.toBe(header.data);
    expect(digestOf(utterances.toReversed())).toBe(header.data);
  });

  it('learns from little already what guessing would get a thirtieth of', () => {
    expect(evaluation.intents?.accuracy).toBeGreaterThan(0.25);
    expect(evaluation.intents?.oosAuroc).toBeGreaterThan(0.55);
  });

  it('is described by a card with its data, its figures, its intents and its curves', () => {
    const about = { ...header, bytes: file.length, temperature: 1 };
    const card = modelCard(about, utterances, evaluation);
    expect(Object.keys(card)).toEqual(['card.md', 'reliability.svg', 'risk-coverage.svg']);
    expect(card['card.md']).toContain(header.data);
    expect(card['card.md']).toContain(evaluation.intents?.accuracy.toFixed(3));
    for (const { intent } of utterances) expect(card['card.md']).toContain(`| ${intent} `);
    expect(card['reliability.svg']).toContain('<polyline');
  });
});
