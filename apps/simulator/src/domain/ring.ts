/** Keeps the newest `capacity` items and forgets the rest, so that a long run needs no more memory than a short one. */
export class Ring<T> {
  private items: T[] = [];

  constructor(private readonly capacity: number) {}

  push(item: T): void {
    this.items.push(item);
    // Cutting at twice the size keeps a push cheap on average; `list` never shows the surplus.
    if (this.items.length >= this.capacity * 2) this.items = this.items.slice(-this.capacity);
  }

  /** Oldest first. */
  list(): readonly T[] {
    return this.items.length > this.capacity ? this.items.slice(-this.capacity) : this.items;
  }

  clear(): void {
    this.items = [];
  }
}
