import type { Features } from '../features.js';
import { Lexicon } from '../lexicon.js';
import { softmax, type LinearModel, type Scored } from '../linear-model.js';

/** What was learned of a business's own intents: for each feature of their examples a row of `labels.length` weights. */
export interface OwnWeights {
  readonly labels: readonly string[];
  readonly lexicon: Lexicon;
  readonly rows: Float32Array;
  readonly biases: Float64Array;
}

/**
 * How far an own score lies above the model's claim counts half: what was learned from ten examples is right less often than it
 * sounds. It changes how sure an own intent is, not whether it wins. Fitted on messages of strangers.
 */
const MODESTY = 2;

/** How strongly a model claims a text: the logarithm of the sum of its labels' exponentials. */
export function claimOf(scores: Float64Array): number {
  let sum = 0;
  for (const score of scores) sum += Math.exp(score);
  return Math.log(sum);
}

/** Scores of a business's own intents beside those of the model it comes with. */
export class OwnModel {
  constructor(private readonly own: OwnWeights) {}

  get labels(): readonly string[] {
    return this.own.labels;
  }

  /** Scores of the own intents, in their order, comparable with those of the model they were learned beside. */
  scores({ keys, weights }: Features): Float64Array {
    const { labels, lexicon, rows, biases } = this.own;
    const size = labels.length;
    const sums = Float64Array.from(biases);
    for (let at = 0; at < keys.length; at += 1) {
      const row = lexicon.rowOf(keys[at] ?? 0) * size;
      if (row < 0) continue;
      const weight = weights[at] ?? 0;
      for (let label = 0; label < size; label += 1)
        sums[label] = (sums[label] ?? 0) + (rows[row + label] ?? 0) * weight;
    }
    return sums;
  }

  /**
   * All labels of both, the likeliest first. What the own intents do not claim is divided among the others as the model alone
   * divides it.
   */
  beside(model: LinearModel, features: Features, ownFeatures: Features): Scored[] {
    const { labels, temperature } = model.weights;
    const given = model.scores(features).map((score) => score / temperature);
    const claim = claimOf(given);
    const own = this.scores(ownFeatures).map((score) => (score > claim ? claim + (score - claim) / MODESTY : score));
    const probabilities = softmax(Float64Array.of(...given, ...own));
    return [...labels, ...this.labels]
      .map((label, at) => ({ label, probability: probabilities[at] ?? 0 }))
      .sort((a, b) => b.probability - a.probability);
  }
}
