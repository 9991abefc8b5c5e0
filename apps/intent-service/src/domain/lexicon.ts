/** Which row of the weights belongs to which feature: an open hash table, since a map of boxed numbers is ten times slower. */
export class Lexicon {
  private readonly slots: Int32Array;
  private readonly mask: number;

  /** @param keys the features, each once; their places are the rows */
  constructor(readonly keys: Int32Array) {
    const size = 2 ** Math.ceil(Math.log2(keys.length * 2 + 2));
    this.mask = size - 1;
    this.slots = new Int32Array(size).fill(-1);
    keys.forEach((key, row) => {
      this.slots[this.slotOf(key)] = row;
    });
  }

  /** The row of a feature; -1 for one that is not known. */
  rowOf(key: number): number {
    return this.slots[this.slotOf(key)] ?? -1;
  }

  private slotOf(key: number): number {
    let slot = key & this.mask;
    for (;;) {
      const row = this.slots[slot] ?? -1;
      if (row < 0 || this.keys[row] === key) return slot;
      slot = (slot + 1) & this.mask;
    }
  }
}
