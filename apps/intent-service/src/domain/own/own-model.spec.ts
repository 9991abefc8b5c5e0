import fc from 'fast-check';
import { Lexicon } from '../lexicon.js';
import { LinearModel } from '../linear-model.js';
import { OwnModel } from './own-model.js';

const nothing = { keys: new Int32Array(), weights: new Float32Array() };
// In hundredths: what is closer than rounding is nobody's win.
const score = fc.integer({ min: -2000, max: 2000 }).map((hundredths) => hundredths / 100);
const scores = fc.array(score, { minLength: 1, maxLength: 6 });

/** Both sides as their biases say: what a text without a known word scores. */
function beside(given: number[], own: number[]): { label: string; probability: number }[] {
  const named = (prefix: string, list: number[]): string[] => list.map((_, at) => `${prefix}${at}`);
  const keys = new Int32Array();
  const model = new LinearModel({
    labels: named('given', given),
    keys,
    step: 1,
    rows: new Int8Array(),
    biases: given,
    temperature: 1,
  });
  const learned = new OwnModel({
    labels: named('own', own),
    lexicon: new Lexicon(keys),
    rows: new Float32Array(),
    biases: Float64Array.from(own),
  });
  return learned.beside(model, nothing, nothing);
}

describe('OwnModel', () => {
  it('gives probabilities that add up to 1, the best score first', () => {
    fc.assert(
      fc.property(scores, scores, (given, own) => {
        const found = beside(given, own);
        expect(found.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 9);
        const [best] = found;
        const highest = Math.max(...given, ...own);
        const scoreOf = (label = ''): number =>
          (label.startsWith('own') ? own : given)[Number(label.replace(/\D/g, ''))] ?? NaN;
        expect(scoreOf(best?.label)).toBe(highest);
      }),
    );
  });

  it('divides what it does not claim as the model alone does', () => {
    fc.assert(
      fc.property(scores, scores, (given, own) => {
        const [most = 0] = [...given].sort((a, b) => b - a);
        const found = beside(given, own).filter(({ label }) => label.startsWith('given'));
        for (const { label, probability } of found) {
          const ratio = Math.exp((given[Number(label.slice(5))] ?? 0) - most);
          expect(probability).toBeCloseTo((found[0]?.probability ?? 0) * ratio, 9);
        }
      }),
    );
  });

  it('is less sure than it sounds of what it claims', () => {
    const [best] = beside([0], [4]);
    expect(best?.label).toBe('own0');
    expect(best?.probability).toBeCloseTo(1 / (1 + Math.exp(-2)), 9);
  });
});
