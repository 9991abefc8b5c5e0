import { intentFeatures, type Features } from './features.js';
import { shown, type Finding, type Row } from './lint-finding.js';

/** Rows that are asked about a row. */
const NEIGHBOURS = 8;
/** Features that more rows have say little of what a row means, and cost most of the time. */
const TOO_COMMON = 150;
/** Less alike than this (cosine) is no neighbour. */
const NEAR = 0.25;
/** A row is in doubt when its neighbours are all but agreed on something else, by their nearness. */
const AGREED = 0.75;
const FEWEST = 4;

interface Neighbour {
  at: number;
  near: number;
}

/** Rows whose neighbours mean something else: by what the model sees of them, they look mislabelled. */
export function lonelyLabels(rows: readonly Row[]): Finding {
  const index = new Index(rows.map(({ text }) => intentFeatures(text)));
  const doubtful = rows.flatMap((row, at) => {
    const verdict = judged(row, index.nearest(at), rows);
    return verdict ? [verdict] : [];
  });
  doubtful.sort((a, b) => b.weight - a.weight);
  return {
    check: 'neighbours agree on another intent',
    hard: false,
    count: doubtful.length,
    worst: doubtful.map(({ line }) => line),
  };
}

function judged(
  row: Row,
  neighbours: readonly Neighbour[],
  rows: readonly Row[],
): { weight: number; line: string } | undefined {
  if (neighbours.length < FEWEST) return undefined;
  const votes = new Map<string, number>();
  let all = 0;
  for (const { at, near } of neighbours) {
    const intent = rows[at]?.intent ?? '';
    votes.set(intent, (votes.get(intent) ?? 0) + near);
    all += near;
  }
  const [[intent, weight] = ['', 0]] = [...votes].sort((a, b) => b[1] - a[1]);
  if (intent === row.intent || weight < AGREED * all) return undefined;
  const nearest = rows[neighbours.find(({ at }) => rows[at]?.intent === intent)?.at ?? 0];
  return { weight, line: `${shown(row)}  rather ${intent}, like ${nearest ? shown(nearest) : ''}` };
}

/** Who has a feature, and how much of it, already weighed by how rare the feature is. */
interface Shared {
  readonly rows: number[];
  readonly weights: number[];
}

/** Which rows share which features, and what these say together: the cosine of what both have. */
class Index {
  private readonly byFeature = new Map<number, Shared>();
  private readonly sums: Float64Array;
  /** Weights of the features of each row, in the order of its keys. */
  private readonly weighed: Float32Array[];

  constructor(private readonly features: readonly Features[]) {
    const counts = new Map<number, number>();
    for (const { keys } of features) for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
    const rarity = (key: number): number => Math.log(features.length / (counts.get(key) ?? 1));
    this.weighed = features.map(({ keys, weights }) => {
      const rare = weights.map((weight, at) => weight * rarity(keys[at] ?? 0));
      const length = Math.sqrt(rare.reduce((sum, weight) => sum + weight * weight, 0)) || 1;
      return rare.map((weight) => weight / length);
    });
    features.forEach(({ keys }, row) => {
      keys.forEach((key, at) => {
        const times = counts.get(key) ?? 0;
        if (times > 1 && times <= TOO_COMMON) this.add(key, row, this.weighed[row]?.[at] ?? 0);
      });
    });
    this.sums = new Float64Array(features.length);
  }

  private add(key: number, row: number, weight: number): void {
    const shared = this.byFeature.get(key);
    if (!shared) return void this.byFeature.set(key, { rows: [row], weights: [weight] });
    shared.rows.push(row);
    shared.weights.push(weight);
  }

  /** The nearest rows, without itself. */
  nearest(at: number): Neighbour[] {
    const { sums } = this;
    const touched: number[] = [];
    this.features[at]?.keys.forEach((key, own) => {
      const shared = this.byFeature.get(key);
      if (!shared) return;
      const weight = this.weighed[at]?.[own] ?? 0;
      shared.rows.forEach((row, place) => {
        if (sums[row] === 0) touched.push(row);
        sums[row] = (sums[row] ?? 0) + weight * (shared.weights[place] ?? 0);
      });
    });
    const neighbours = touched
      .map((row) => ({ at: row, near: sums[row] ?? 0 }))
      .filter((one) => one.at !== at && one.near >= NEAR)
      .sort((a, b) => b.near - a.near || a.at - b.at);
    for (const row of touched) sums[row] = 0;
    return neighbours.slice(0, NEIGHBOURS);
  }
}
