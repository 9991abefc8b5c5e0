interface Entry<V> {
  value: V;
  until: number;
}

/** Keeps the most recently used entries, none longer than its time from when it was set. For keys, so it never refreshes that time. */
export class LruCache<K, V> {
  readonly #entries = new Map<K, Entry<V>>();

  constructor(
    private readonly size: number,
    private readonly ttlMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get(key: K): V | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    if (entry.until <= this.now()) return undefined;
    // A Map iterates in the order of insertion: what was used last goes to the end, what is dropped comes from the front.
    this.#entries.set(key, entry);
    return entry.value;
  }

  set(key: K, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, until: this.now() + this.ttlMs });
    if (this.#entries.size <= this.size) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }

  delete(key: K): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }
}
