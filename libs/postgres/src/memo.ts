/**
 * Results by text, as many as fit; then it starts anew. For keyed hashes: a person and a message are named in many records and
 * rows, all within seconds.
 */
export class Memo<T> {
  readonly #known = new Map<string, T>();

  constructor(
    private readonly compute: (text: string) => T,
    private readonly most = 20_000,
  ) {}

  /** The result for a text, computed at most once as long as it is held. */
  get(text: string): T {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    if (this.#known.size >= this.most) this.#known.clear();
    const result = this.compute(text);
    this.#known.set(text, result);
    return result;
  }
}
