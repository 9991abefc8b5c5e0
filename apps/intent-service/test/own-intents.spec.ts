import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseMessage, parseMessageWith, parserOf } from '../src/app.module.js';
import { isHeldOut } from '../src/domain/utterance.js';
import { readOwnIntents } from '../src/outbound/content/own-intents-folder.js';
import { MODEL_FILE, readModel } from '../src/outbound/model/model-file.js';
import { contrastTexts } from '../src/outbound/training/contrast.js';
import { readUtterances } from '../src/outbound/training/utterances.js';
import { lintOwnIntents } from '../src/own-intents-cli.js';

const folder = join(import.meta.dirname, 'fixtures/content');
const plain = parseMessage();
const taught = await parseMessageWith(folder);
const { intents } = await readOwnIntents(folder, []);
/** Held-out texts that nothing was learned from, not even what own intents are told apart from. */
const contrast = new Set(contrastTexts());
const strangers = readUtterances()
  .filter(({ text }, at) => isHeldOut({ text }) && at % 5 === 0 && !contrast.has(text))
  .map(({ text }) => text);

describe('own intents', () => {
  it.each([
    ['can you engrave the date inside the ring', 'engraving'],
    ['engraving on a watch, how much?', 'engraving'],
    ['quiero grabar un nombre', 'engraving'],
    ['Gravur auf der Uhr möglich?', 'engraving'],
    ['could you wrap this as a gift please', 'gift_wrapping'],
    ['para regalo, lo pueden envolver', 'gift_wrapping'],
    ['verpackt ihr das auch als Geschenk?', 'gift_wrapping'],
    ['show me my loyalty points', 'loyalty_points'],
    ['cómo puedo canjear los puntos', 'loyalty_points'],
    ['wo sind meine Punkte', 'loyalty_points'],
  ])('understand "%s", which is none of their examples, as %s', (text, intent) => {
    expect(taught.run({ text })).toMatchObject({ intent });
    expect(taught.run({ text }).confidence).toBeGreaterThan(0.5);
    expect(plain.run({ text }).intent).not.toBe(intent);
  });

  it('understand their own examples', () => {
    for (const { intent, examples } of intents) {
      expect(examples.map((text) => taught.run({ text }).intent)).toEqual(examples.map(() => intent));
    }
  });

  it.each([
    ['Track order 1234', 'track_order'],
    ['please cancel order 1250', 'cancel_order'],
    ['quiero hablar con una persona', 'talk_to_human'],
    ['I want my money back', 'refund_request'],
    ['STOP', 'opt_out'],
    ['1234', 'track_order'],
    ['thanks!', 'thanks'],
  ])('leave "%s" a %s', (text, intent) => {
    expect(taught.run({ text }).intent).toBe(intent);
  });

  it('change next to nothing about messages that mean none of them', () => {
    const changed = strangers.filter((text) => taught.run({ text }).intent !== plain.run({ text }).intent);
    expect(strangers.length).toBeGreaterThan(500);
    expect(changed.length / strangers.length).toBeLessThan(0.01);
  });

  it('change nothing at all, to the last bit, when there are none', async () => {
    const none = await parseMessageWith(join(import.meta.dirname, 'fixtures'));
    for (const text of strangers.slice(0, 200)) expect(none.run({ text })).toEqual(plain.run({ text }));
  });

  it('are learned the same each time', async () => {
    const again = await parseMessageWith(folder);
    for (const text of strangers.slice(0, 50)) expect(again.run({ text })).toEqual(taught.run({ text }));
  });

  it('leave what they do not claim in the proportions of the model', () => {
    const text = 'I want my money back';
    const [before, after] = [plain.run({ text }), taught.run({ text })];
    const ratio = after.confidence / before.confidence;
    expect(ratio).toBeLessThanOrEqual(1);
    for (const { intent, confidence } of before.alternatives) {
      const same = after.alternatives.find((other) => other.intent === intent);
      if (same) expect(same.confidence / confidence).toBeCloseTo(ratio, 6);
    }
  });

  it('read synonyms as the word they stand for', () => {
    const said = (text: string): number => {
      const { intent, confidence } = taught.run({ text });
      return intent === 'engraving' ? confidence : 0;
    };
    expect(said('do you do Monogramming')).toBeCloseTo(said('do you do engraving'), 1);
    expect(said('how long does laser  lettering take')).toBeGreaterThan(0.5);
  });

  it('find their numbers, however they are typed, and take one alone for the wish it belongs to', () => {
    const numbers = (text: string): string[] =>
      taught.run({ text }).entities.flatMap(({ type, value }) => (type === 'engraving_number' ? [value] : []));
    expect(numbers('is en 20417 ready? and gr1234AB')).toEqual(['EN-20417', 'GR/1234-AB']);
    expect(numbers('EN-204177, EN-2041, XEN-20417, en-20417@example.com, order 20417')).toEqual([]);
    expect(taught.run({ text: ' #en-٢٠٤١٧ ' })).toMatchObject({ intent: 'engraving', confidence: 0.9 });
    expect(plain.run({ text: 'EN-20417' }).intent).toBe('track_order');
  });

  it('are heard beside what was asked', () => {
    expect(taught.run({ text: 'yes please', context: 'confirm' }).intent).toBe('affirm');
    expect(taught.run({ text: 'do you do engraving', context: 'confirm' }).intent).toBe('engraving');
  });

  it('are described by the lint with figures and without problems', async () => {
    const { problems, figures } = await lintOwnIntents(folder);
    expect(problems).toEqual([]);
    expect(figures).toHaveLength(4);
    expect(figures[0]).toMatch(/^engraving: 12 examples, precision [01]\.\d\d, recall [01]\.\d\d/);
    expect(figures[3]).toMatch(/^3 own intents, 32 examples, learned in \d+ ms$/);
  });

  it('keep a model that was never told of them as it was', () => {
    const heads = readModel(readFileSync(MODEL_FILE));
    expect(parserOf(heads).run({ text: 'do you do engraving' })).toEqual(plain.run({ text: 'do you do engraving' }));
  });
});
