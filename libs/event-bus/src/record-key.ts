/** What turns a person's id into what only we can recognise: HMAC under the master key. */
export type KeyedHash = (text: string) => Buffer;

/** `<phone_number_id>:~<22 signs>`: no user id and no phone number begins like that. */
const HIDDEN = /^~[\w-]{22}$/;
const HASH_BYTES = 16;
/** Customers who write at about the same time, many times over; an entry is some hundred bytes. */
const MOST_REMEMBERED = 20_000;

/**
 * Keys as they lie in the log. Neither log nor broker can encrypt a key, and that of a person's records is their user id or
 * phone number: what stands after the colon is replaced by a keyed hash. It stays the same when the master key is rotated, so one
 * person's records stay in one partition.
 */
export class RecordKeys {
  readonly #known = new Map<string, string>();

  constructor(private readonly hash: KeyedHash) {}

  /** The key without the person in it. A key that is hidden already, or names nobody, comes back as it is. */
  hide(key: string): string {
    const at = key.indexOf(':');
    const person = key.slice(at + 1);
    if (at < 0 || person === '' || HIDDEN.test(person)) return key;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const hidden = `${key.slice(0, at)}:~${this.hash(key).subarray(0, HASH_BYTES).toString('base64url')}`;
    if (this.#known.size >= MOST_REMEMBERED) this.#known.clear();
    this.#known.set(key, hidden);
    return hidden;
  }
}
