// Latencies as percentiles: Node's own HDR histogram, three significant digits, in microseconds.
import { createHistogram } from 'node:perf_hooks';

const LONGEST_US = 600_000_000;

/** Milliseconds to a tenth. */
export const round = (value) => Math.round(value * 10) / 10;

export class Latencies {
  #histogram = createHistogram({ lowest: 1, highest: LONGEST_US, figures: 3 });

  /** @param {number} ms */
  add(ms) {
    this.#histogram.record(Math.min(LONGEST_US, Math.max(1, Math.round(ms * 1000))));
  }

  get count() {
    return this.#histogram.count;
  }

  /** The share, 0 to 100, below which values lie; 0 when there are none. */
  percentile(share) {
    return this.count === 0 ? 0 : round(this.#histogram.percentile(share) / 1000);
  }

  /** What a table shows of them. */
  summary() {
    const max = this.count === 0 ? 0 : round(this.#histogram.max / 1000);
    return {
      count: this.count,
      p50: this.percentile(50),
      p99: this.percentile(99),
      'p99.9': this.percentile(99.9),
      max,
    };
  }
}
