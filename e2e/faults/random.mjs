// Repeatable dice for a fault run: the same seed gives the same customers, scripts, copies and faults.

/** mulberry32, kept apart from the simulator's so that neither shifts the other. */
export class Dice {
  #state;

  /** @param {number} seed */
  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** At least 0, below 1. */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from min to max, both possible. */
  between(min, max) {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  chance(probability) {
    return this.next() < probability;
  }

  pick(items) {
    return items[Math.floor(this.next() * items.length)];
  }

  shuffled(items) {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i -= 1) {
      const j = this.between(0, i);
      [result[i], result[j]] = [result[j], result[i]];
    }
    return result;
  }

  /** Dice of their own for one purpose: how often one is thrown does not shift the others. */
  fork(name) {
    let hash = 2_166_136_261;
    for (const byte of Buffer.from(`${this.#state}:${name}`)) hash = Math.imul(hash ^ byte, 16_777_619) >>> 0;
    return new Dice(hash);
  }
}
