import type { Features } from './features.js';
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
  readonly buckets: number;
  readonly epochs: number;
  readonly rate: number;
  /** Share of certainty that is taken from the right label and given to all: keeps the model from shouting. */
  readonly smoothing: number;
  readonly seed: number;
}

const FINEST = 127;
/** Gradients smaller than this change nothing that survives rounding to a byte. */
const NEGLIGIBLE = 2e-4;
/** The last epoch learns at this share of the first one's rate. */
const LAST_RATE = 0.2;
/** This share of the weights may be cut off by rounding to a byte, so that the others are finer. */
const CLIPPED = 1e-5;

class Training {
  readonly size: number;
  readonly weights: Float32Array;
  readonly biases: Float64Array;
  private readonly squares: Float32Array;
  private readonly biasSquares: Float64Array;

  constructor(
    readonly labels: readonly string[],
    private readonly course: Course,
  ) {
    this.size = labels.length;
    this.weights = new Float32Array(course.buckets * this.size);
    this.squares = new Float32Array(this.weights.length).fill(1e-8);
    this.biases = new Float64Array(this.size);
    this.biasSquares = new Float64Array(this.size).fill(1e-2);
  }

  /** One step down the slope of one lesson (AdaGrad). */
  learn({ features, weight }: Lesson, target: number, rate: number): void {
    const { size, weights, squares, biases, biasSquares } = this;
    const { smoothing } = this.course;
    const slope = softmax(this.scores(features)).map((probability, label) => {
      const wanted = label === target ? 1 - smoothing : smoothing / (size - 1);
      return (probability - wanted) * weight;
    });
    features.buckets.forEach((bucket, at) => {
      const value = features.weights[at] ?? 0;
      const row = bucket * size;
      for (let label = 0; label < size; label += 1) {
        const change = (slope[label] ?? 0) * value;
        if (change < NEGLIGIBLE && change > -NEGLIGIBLE) continue;
        const square = (squares[row + label] ?? 0) + change * change;
        squares[row + label] = square;
        weights[row + label] = (weights[row + label] ?? 0) - (rate * change) / Math.sqrt(square);
      }
    });
    slope.forEach((change, label) => {
      const square = (biasSquares[label] ?? 0) + change * change;
      biasSquares[label] = square;
      biases[label] = (biases[label] ?? 0) - (0.2 * rate * change) / Math.sqrt(square);
    });
  }

  private scores({ buckets, weights: values }: Features): Float64Array {
    const sums = Float64Array.from(this.biases);
    buckets.forEach((bucket, at) => {
      const row = bucket * this.size;
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
  const targets = new Map(labels.map((label, at) => [label, at]));
  const training = new Training(labels, course);
  const order = [...lessons];
  const random = new Random(course.seed);
  for (let epoch = 0; epoch < course.epochs; epoch += 1) {
    const rate = course.rate * (1 - (epoch / course.epochs) * (1 - LAST_RATE));
    for (const lesson of random.shuffle(order)) training.learn(lesson, targets.get(lesson.label) ?? 0, rate);
    told(epoch + 1);
  }
  return new LinearModel(rounded(training, course));
}

function rounded({ labels, weights, biases }: Training, { buckets }: Course): Weights {
  const sizes = weights
    .filter((weight) => weight !== 0)
    .map(Math.abs)
    .sort();
  const largest = sizes[Math.floor(sizes.length * (1 - CLIPPED))] ?? 1;
  const step = largest / FINEST || 1;
  const rows = Int8Array.from(weights, (weight) => Math.max(-FINEST, Math.min(FINEST, Math.round(weight / step))));
  return { labels, buckets, step, rows, biases: [...biases], temperature: 1 };
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
