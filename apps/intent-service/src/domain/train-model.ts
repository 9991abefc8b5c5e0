import type { Features } from './features.js';
import { Lexicon } from './lexicon.js';
import { LinearModel, softmax, type Weights } from './linear-model.js';
import { Random } from './random.js';

/** One labelled text, read already. */
export interface Lesson {
  readonly features: Features;
  readonly label: string;
  /** How much it counts; 1 for most. */
  readonly weight: number;
}

/** How a model is trained; the same course and lessons always give the same weights. */
export interface Course {
  /** Features of fewer lessons than this are not learned: what one person wrote once says nothing about the next one. */
  readonly leastSeen: number;
  readonly epochs: number;
  readonly rate: number;
  /** Share of certainty that is taken from the right label and given to all: keeps the model from shouting. */
  readonly smoothing: number;
  readonly seed: number;
}

const FINEST = 127;
/** The last epoch learns at this share of the first one's rate. */
const LAST_RATE = 0.2;
/** This share of the weights may be cut off by rounding to a byte, so that the others are finer. */
const CLIPPED = 1e-5;

/** A lesson with its features as rows of the weights, without those that are not learned. */
interface Drill {
  readonly rows: Int32Array;
  readonly values: Float32Array;
  readonly target: number;
  readonly weight: number;
}

class Training {
  readonly size: number;
  readonly weights: Float32Array;
  readonly biases: Float64Array;
  private readonly squares: Float64Array;
  private readonly biasSquares: Float64Array;

  constructor(
    readonly labels: readonly string[],
    readonly lexicon: Lexicon,
    private readonly smoothing: number,
  ) {
    this.size = labels.length;
    this.weights = new Float32Array(lexicon.keys.length * this.size);
    this.squares = new Float64Array(lexicon.keys.length).fill(1e-8);
    this.biases = new Float64Array(this.size);
    this.biasSquares = new Float64Array(this.size).fill(1e-2);
  }

  /**
   * One step down the slope of one lesson. AdaGrad with one memory per feature, not one per weight: with its own, the weights
   * of rare labels run ahead of the others, and what was seen once is believed too much.
   */
  learn({ rows, values, target, weight }: Drill, rate: number): void {
    const { size, weights, squares, biases, biasSquares, smoothing } = this;
    const slope = softmax(this.scores(rows, values)).map((probability, label) => {
      const wanted = label === target ? 1 - smoothing : smoothing / (size - 1);
      return (probability - wanted) * weight;
    });
    const steepness = slope.reduce((sum, change) => sum + change * change, 0);
    rows.forEach((known, at) => {
      const value = values[at] ?? 0;
      const square = (squares[known] ?? 0) + steepness * value * value;
      squares[known] = square;
      const step = (rate * value) / Math.sqrt(square);
      const row = known * size;
      for (let label = 0; label < size; label += 1) {
        weights[row + label] = (weights[row + label] ?? 0) - step * (slope[label] ?? 0);
      }
    });
    slope.forEach((change, label) => {
      const square = (biasSquares[label] ?? 0) + change * change;
      biasSquares[label] = square;
      biases[label] = (biases[label] ?? 0) - (0.2 * rate * change) / Math.sqrt(square);
    });
  }

  drill({ features, label, weight }: Lesson): Drill {
    const all = features.keys.map((key) => this.lexicon.rowOf(key));
    const known = (_: number, at: number): boolean => (all[at] ?? -1) >= 0;
    return {
      rows: all.filter(known),
      values: features.weights.filter(known),
      target: this.labels.indexOf(label),
      weight,
    };
  }

  private scores(rows: Int32Array, values: Float32Array): Float64Array {
    const sums = Float64Array.from(this.biases);
    rows.forEach((known, at) => {
      const row = known * this.size;
      const value = values[at] ?? 0;
      for (let label = 0; label < this.size; label += 1) {
        sums[label] = (sums[label] ?? 0) + (this.weights[row + label] ?? 0) * value;
      }
    });
    return sums;
  }
}

/** Softmax regression by AdaGrad, its weights rounded to a byte each. @param told is called after every epoch */
export function trainModel(lessons: readonly Lesson[], course: Course, told: (epoch: number) => void): LinearModel {
  const labels = [...new Set(lessons.map(({ label }) => label))].sort();
  const training = new Training(labels, new Lexicon(featuresOf(lessons, course.leastSeen)), course.smoothing);
  const drills = lessons.map((lesson) => training.drill(lesson));
  const random = new Random(course.seed);
  for (let epoch = 0; epoch < course.epochs; epoch += 1) {
    const rate = course.rate * (1 - (epoch / course.epochs) * (1 - LAST_RATE));
    for (const drill of random.shuffle(drills)) training.learn(drill, rate);
    told(epoch + 1);
  }
  return new LinearModel(rounded(training));
}

function featuresOf(lessons: readonly Lesson[], leastSeen: number): Int32Array {
  const seen = new Map<number, number>();
  for (const { features } of lessons) for (const key of features.keys) seen.set(key, (seen.get(key) ?? 0) + 1);
  return Int32Array.from([...seen].flatMap(([key, times]) => (times >= leastSeen ? [key] : []))).sort();
}

function rounded({ labels, lexicon, weights, biases }: Training): Weights {
  const sizes = weights
    .filter((weight) => weight !== 0)
    .map(Math.abs)
    .sort();
  const largest = sizes[Math.floor(sizes.length * (1 - CLIPPED))] ?? 1;
  const step = largest / FINEST || 1;
  const rows = Int8Array.from(weights, (weight) => Math.max(-FINEST, Math.min(FINEST, Math.round(weight / step))));
  return { labels, keys: lexicon.keys, step, rows, biases: [...biases], temperature: 1 };
}

/** The temperature at which a model's probabilities fit texts it has not seen best (least negative log-likelihood). */
export function fitTemperature(model: LinearModel, unseen: readonly Lesson[]): number {
  const scored = unseen.map(({ features, label }) => ({ scores: model.scores(features), label }));
  const loss = (temperature: number): number =>
    scored.reduce((sum, { scores, label }) => {
      const right = softmax(scores, temperature)[model.weights.labels.indexOf(label)] ?? 0;
      return sum - Math.log(Math.max(right, 1e-9));
    }, 0);
  const tried = Array.from({ length: 60 }, (_, at) => 0.4 + at * 0.05);
  return tried.reduce((best, temperature) => (loss(temperature) < loss(best) ? temperature : best), 1);
}
