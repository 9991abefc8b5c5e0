/** Results by text, as many as fit; then it starts anew. For keyed hashes: one message is named in many records, each within seconds. */
export class Memo<T> {
  readonly #known = new Map<string, T>();

  constructor(
    private readonly compute: (text: string) => T,
    private readonly most = 20_000,
  ) {}

  get(text: string): T {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    if (this.#known.size >= this.most) this.#known.clear();
    const result = this.compute(text);
    this.#known.set(text, result);
    return result;
  }
}
