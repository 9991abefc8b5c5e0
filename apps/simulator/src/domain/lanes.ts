/** Items that wait in order, in lanes: of each lane only one piece is out at a time, lanes do not wait for each other. */
export class Lanes<T> {
  private readonly waiting = new Map<string, T[]>();
  private readonly busy = new Set<string>();
  // Lanes with something to do and nothing out, first come first served.
  private readonly ready = new Set<string>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  add(lane: string, item: T): void {
    const queue = this.waiting.get(lane);
    if (queue) queue.push(item);
    else this.waiting.set(lane, [item]);
    this.count += 1;
    if (!this.busy.has(lane)) this.ready.add(lane);
  }

  /** Up to `limit` items whose lanes are now out until `release`. */
  take(limit: number): { items: T[]; lanes: string[] } {
    const items: T[] = [];
    const lanes: string[] = [];
    for (const lane of this.ready) {
      if (items.length >= limit) break;
      const queue = this.waiting.get(lane) ?? [];
      items.push(...queue.splice(0, limit - items.length));
      if (queue.length === 0) this.waiting.delete(lane);
      lanes.push(lane);
      this.busy.add(lane);
      this.ready.delete(lane);
    }
    this.count -= items.length;
    return { items, lanes };
  }

  release(lanes: readonly string[]): void {
    for (const lane of lanes) {
      this.busy.delete(lane);
      if (this.waiting.has(lane)) this.ready.add(lane);
    }
  }
}
