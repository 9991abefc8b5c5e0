import { BUCKETS, featuresOf } from './features.js';

/** One labelled text. */
export interface Example {
  text: string;
  label: string;
}

/** A label with its probability. */
export interface Scored {
  label: string;
  probability: number;
}

const EPOCHS = 8;
const RATE = 0.35;

/** Deterministic order of examples; the same data always gives the same weights. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const result = [...items];
  let state = seed >>> 0 || 1;
  for (let index = result.length - 1; index > 0; index -= 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = state % (index + 1);
    [result[index], result[other]] = [result[other] as T, result[index] as T];
  }
  return result;
}

/** Softmax regression over hashed features, trained with AdaGrad when it is made. Small data, so that takes a fraction of a second. */
export class Classifier {
  readonly labels: readonly string[];
  private readonly weights: Float32Array;
  private readonly temperature: number;

  /** @param temperature above 1 makes probabilities more modest; fitted on held-out texts */
  constructor(examples: readonly Example[], temperature = 1) {
    this.labels = [...new Set(examples.map(({ label }) => label))].sort();
    this.weights = new Float32Array(BUCKETS * this.labels.length);
    this.temperature = temperature;
    this.train(examples);
  }

  /** All labels, the likeliest first. */
  classify(text: string): Scored[] {
    const features = featuresOf(text);
    const scores = this.scores(features, new Float32Array(this.labels.length));
    const probabilities = softmax(scores, this.temperature);
    return this.labels
      .map((label, index) => ({ label, probability: probabilities[index] ?? 0 }))
      .sort((a, b) => b.probability - a.probability);
  }

  private scores(features: Uint32Array, into: Float32Array): Float32Array {
    const size = this.labels.length;
    into.fill(0);
    // A long message must not be surer of itself than a short one just for its length.
    const scale = 1 / Math.sqrt(features.length || 1);
    for (const bucket of features) {
      const row = bucket * size;
      for (let label = 0; label < size; label += 1)
        into[label] = (into[label] ?? 0) + (this.weights[row + label] ?? 0) * scale;
    }
    return into;
  }

  private train(examples: readonly Example[]): void {
    const size = this.labels.length;
    const index = new Map(this.labels.map((label, position) => [label, position]));
    const prepared = examples.map(({ text, label }) => ({ features: featuresOf(text), target: index.get(label) ?? 0 }));
    const squares = new Float32Array(this.weights.length);
    const buffer = new Float32Array(size);
    for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
      for (const { features, target } of shuffled(prepared, epoch + 1)) {
        const probabilities = softmax(this.scores(features, buffer), 1);
        const scale = 1 / Math.sqrt(features.length || 1);
        for (let label = 0; label < size; label += 1) {
          const gradient = ((probabilities[label] ?? 0) - (label === target ? 1 : 0)) * scale;
          if (Math.abs(gradient) < 1e-3) continue;
          for (const bucket of features) {
            const weight = bucket * size + label;
            const square = (squares[weight] ?? 0) + gradient * gradient;
            squares[weight] = square;
            this.weights[weight] = (this.weights[weight] ?? 0) - (RATE * gradient) / (Math.sqrt(square) + 1e-6);
          }
        }
      }
    }
  }
}

function softmax(scores: Float32Array, temperature: number): Float32Array {
  const top = Math.max(...scores);
  const exponentials = scores.map((score) => Math.exp((score - top) / temperature));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials.map((value) => value / sum);
}
