import type { Features } from '../features.js';
import { Lexicon } from '../lexicon.js';
import type { LinearModel } from '../linear-model.js';
import { Random } from '../random.js';
import { claimOf, OwnModel } from './own-model.js';

/** A text of which it is known what it means: an own intent by its number, or none of them. */
export interface OwnLesson {
  readonly features: Features;
  /** As the model itself reads it: without the business's synonyms. */
  readonly given: Features;
  /** Place among the labels; `NONE` for a text that the model was made for. */
  readonly label: number;
}

/** Label of texts that mean no own intent. */
export const NONE = -1;

const EPOCHS = 12;
const RATE = 0.3;
/** The last epoch learns at this share of the first one's rate. */
const LAST_RATE = 0.2;
/** As sure as an own intent should become of its examples. */
const SURE = 0.98;
/** Labels that are nearly right are left alone: of twenty, three or four learn from a text. */
const NEARLY = 1e-3;
/**
 * Share of an example's features that are hidden each time it is learned. Ten examples are fitted by any of their words; only when
 * some are always missing does each telling word learn to speak for its intent alone, as it must in what others will write.
 */
const HIDDEN = 0.5;
/** Score of an own intent before anything speaks for it. */
const BEGINNING = -2;
/** Scales the rarity of features so that the telling ones weigh about what they weigh in the model. */
const RARITY = 4;
/** Texts so far from every own intent teach nothing; they are looked at again only in some epochs. */
const FAR = 1e-3;
const LOOK_AGAIN = 4;
/** Taken from every own score in the end: who is in doubt stays with what has been proven on many. Fitted on messages of strangers. */
const CAUTION = 0.5;
const SEED = 5;

/** A lesson with its features as rows of the weights, without those that no example has. */
interface Drill {
  readonly rows: Int32Array;
  readonly values: Float32Array;
  readonly label: number;
  /** How strongly the model itself claims the text: logarithm of the sum of its exponentials. */
  readonly against: number;
  far: boolean;
}

/**
 * Learns own intents in a fraction of a second: a softmax over the features of their examples, beside a model that stays as it is
 * and is one label more, for which it says itself how strongly it claims a text. Texts the model was made for teach what does not
 * speak for an own intent. The same lessons always give the same weights.
 */
export function learnOwn(labels: readonly string[], lessons: readonly OwnLesson[], model: LinearModel): OwnModel {
  const lexicon = lexiconOf(lessons);
  const rarity = rarityOf(lexicon, lessons);
  const learning = new Learning(labels.length, lexicon.keys.length);
  const drills = lessons.map((lesson) => drillOf(lesson, lexicon, rarity, model));
  const random = new Random(SEED);
  for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
    const rate = RATE * (1 - (epoch / EPOCHS) * (1 - LAST_RATE));
    for (const drill of random.shuffle(drills)) {
      if (drill.far && epoch % LOOK_AGAIN !== 0) continue;
      drill.far = learning.learn(drill, rate, random) < FAR && drill.label === NONE;
    }
  }
  const size = labels.length;
  const rows = learning.weights.map((weight, at) => weight * (rarity[Math.floor(at / size)] ?? 0));
  return new OwnModel({ labels, lexicon, rows, biases: learning.biases.map((bias) => bias - CAUTION) });
}

const lexiconOf = (lessons: readonly OwnLesson[]): Lexicon =>
  new Lexicon(
    Int32Array.from(new Set(lessons.flatMap(({ features, label }) => (label === NONE ? [] : [...features.keys])))),
  );

/** How much a feature tells: what is in half of all messages next to nothing, what is in none of them most. */
function rarityOf(lexicon: Lexicon, lessons: readonly OwnLesson[]): Float32Array {
  const seen = new Float32Array(lexicon.keys.length);
  let texts = 0;
  for (const { features, label } of lessons) {
    if (label !== NONE) continue;
    texts += 1;
    for (const key of features.keys) {
      const row = lexicon.rowOf(key);
      if (row >= 0) seen[row] = (seen[row] ?? 0) + 1;
    }
  }
  return seen.map((times) => Math.log((texts + 1) / (times + 1)) / RARITY);
}

function drillOf(
  { features, given, label }: OwnLesson,
  lexicon: Lexicon,
  rarity: Float32Array,
  model: LinearModel,
): Drill {
  const all = features.keys.map((key) => lexicon.rowOf(key));
  const known = (_: number, at: number): boolean => (all[at] ?? -1) >= 0;
  const rows = all.filter(known);
  const values = features.weights.filter(known).map((weight, at) => weight * (rarity[rows[at] ?? 0] ?? 0));
  return {
    rows,
    values,
    label,
    against: claimOf(model.scores(given).map((score) => score / model.weights.temperature)),
    far: false,
  };
}

class Learning {
  readonly weights: Float32Array;
  readonly biases: Float64Array;
  private readonly squares: Float64Array;
  private readonly biasSquares: Float64Array;
  private readonly slope: Float64Array;
  private readonly hidden: Uint8Array;
  /** Places of the labels that have something to learn from the text in hand. */
  private readonly wrong: Int32Array;

  constructor(
    private readonly size: number,
    rows: number,
  ) {
    this.weights = new Float32Array(rows * size);
    this.squares = new Float64Array(rows).fill(1e-8);
    this.biases = new Float64Array(size).fill(BEGINNING);
    this.biasSquares = new Float64Array(size).fill(1e-2);
    this.slope = new Float64Array(size);
    this.hidden = new Uint8Array(rows);
    this.wrong = new Int32Array(size);
  }

  /** One step down the slope of one text, as the model itself was trained. @returns how likely some own intent was */
  learn(drill: Drill, rate: number, random: Random): number {
    const { size, slope, biases, biasSquares } = this;
    this.hide(drill, random);
    const claimed = this.compare(drill);
    let steepness = 0;
    let wrong = 0;
    for (let label = 0; label < size; label += 1) {
      const change = slope[label] ?? 0;
      if (Math.abs(change) < NEARLY) continue;
      steepness += change * change;
      this.wrong[wrong++] = label;
    }
    if (wrong === 0) return claimed;
    this.step(drill, rate, steepness, wrong);
    for (let at = 0; at < wrong; at += 1) {
      const label = this.wrong[at] ?? 0;
      const change = slope[label] ?? 0;
      const square = (biasSquares[label] ?? 0) + change * change;
      biasSquares[label] = square;
      biases[label] = (biases[label] ?? 0) - (0.2 * rate * change) / Math.sqrt(square);
    }
    return claimed;
  }

  private hide({ rows, label }: Drill, random: Random): void {
    for (const row of rows) this.hidden[row] = label !== NONE && random.next() < HIDDEN ? 1 : 0;
  }

  /** Puts the difference between what is thought and what is right into `slope`. */
  private compare({ rows, values, label, against }: Drill): number {
    const { size, slope, weights, hidden } = this;
    slope.set(this.biases);
    for (let at = 0; at < rows.length; at += 1) {
      const known = rows[at] ?? 0;
      if (hidden[known]) continue;
      const value = values[at] ?? 0;
      const row = known * size;
      for (let own = 0; own < size; own += 1) slope[own] = (slope[own] ?? 0) + (weights[row + own] ?? 0) * value;
    }
    let top = against;
    for (let own = 0; own < size; own += 1) top = Math.max(top, slope[own] ?? 0);
    let sum = Math.exp(against - top);
    for (let own = 0; own < size; own += 1) sum += slope[own] = Math.exp((slope[own] ?? 0) - top);
    let claimed = 0;
    for (let own = 0; own < size; own += 1) {
      const probability = (slope[own] ?? 0) / sum;
      claimed += probability;
      slope[own] = probability - (own === label ? SURE : 0);
    }
    return claimed;
  }

  private step({ rows, values }: Drill, rate: number, steepness: number, wrong: number): void {
    const { size, slope, weights, squares, hidden } = this;
    for (let at = 0; at < rows.length; at += 1) {
      const known = rows[at] ?? 0;
      if (hidden[known]) continue;
      const value = values[at] ?? 0;
      const square = (squares[known] ?? 0) + steepness * value * value;
      squares[known] = square;
      const step = (rate * value) / Math.sqrt(square);
      const row = known * size;
      for (let nth = 0; nth < wrong; nth += 1) {
        const own = this.wrong[nth] ?? 0;
        weights[row + own] = (weights[row + own] ?? 0) - step * (slope[own] ?? 0);
      }
    }
  }
}
