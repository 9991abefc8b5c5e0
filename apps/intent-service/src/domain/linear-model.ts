import type { Features } from './features.js';
import { Lexicon } from './lexicon.js';

/** A label with its probability. */
export interface Scored {
  label: string;
  probability: number;
}

/** What a model is made of: for each feature it knows a row of `labels.length` weights, as whole numbers of `step`. */
export interface Weights {
  readonly labels: readonly string[];
  /** The features, in the order of the rows. */
  readonly keys: Int32Array;
  readonly step: number;
  readonly rows: Int8Array;
  readonly biases: readonly number[];
  /** Divides the scores before they become probabilities; fitted on texts the model has not seen. */
  readonly temperature: number;
}

/** Softmax over hashed features, weights in one byte each. */
export class LinearModel {
  private readonly lexicon: Lexicon;

  constructor(readonly weights: Weights) {
    this.lexicon = new Lexicon(weights.keys);
  }

  /** All labels, the likeliest first; probabilities add up to 1. */
  classify(features: Features): Scored[] {
    const { labels, temperature } = this.weights;
    const probabilities = softmax(this.scores(features), temperature);
    return labels
      .map((label, at) => ({ label, probability: probabilities[at] ?? 0 }))
      .sort((a, b) => b.probability - a.probability);
  }

  /** How many of these features it has never learned. */
  unknown(keys: Int32Array): number {
    let count = 0;
    for (const key of keys) if (this.lexicon.rowOf(key) < 0) count += 1;
    return count;
  }

  /** Scores of the labels, in their order. */
  scores({ keys, weights }: Features): Float64Array {
    const { labels, rows, step, biases } = this.weights;
    const size = labels.length;
    const sums = new Float64Array(size);
    keys.forEach((key, at) => {
      const row = this.lexicon.rowOf(key) * size;
      if (row < 0) return;
      const weight = weights[at] ?? 0;
      for (let label = 0; label < size; label += 1)
        sums[label] = (sums[label] ?? 0) + (rows[row + label] ?? 0) * weight;
    });
    return sums.map((sum, label) => sum * step + (biases[label] ?? 0));
  }
}

/** Scores as probabilities. */
export function softmax(scores: Float64Array, temperature = 1): Float64Array {
  const top = scores.reduce((most, score) => Math.max(most, score), -Infinity);
  const exponentials = scores.map((score) => Math.exp((score - top) / temperature));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials.map((value) => value / sum);
}
