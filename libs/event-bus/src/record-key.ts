/** What turns a person's id into what only we can recognise: `identityHash` of `@parley/postgres`. */
export type KeyedHash = (kind: 'wa_id' | 'user_id', person: string) => Buffer;

/** `<phone_number_id>:~<22 signs>`: no user id and no phone number begins like that. */
const HIDDEN = /^~[\w-]{22}$/;
const HASH_BYTES = 16;
/** Customers who write at about the same time, many times over; an entry is some hundred bytes. */
const MOST_REMEMBERED = 20_000;

/** Whom the key of a record is about: named, or by the first 16 bytes of their identity's keyed hash, in hex. */
export type KeyedPerson = { phoneNumberId: string } & (
  { kind: 'wa_id' | 'user_id'; person: string } | { kind: 'hash'; hash: string }
);

/** Reads a record's key, hidden or not; undefined when it names nobody. */
export function personOfKey(key: string): KeyedPerson | undefined {
  const at = key.indexOf(':');
  const [phoneNumberId, person] = [key.slice(0, at), key.slice(at + 1)];
  if (at < 0 || person === '') return undefined;
  if (HIDDEN.test(person)) {
    return { phoneNumberId, kind: 'hash', hash: Buffer.from(person.slice(1), 'base64url').toString('hex') };
  }
  // A wa_id is digits only; a user id begins with the letters of a country.
  return { phoneNumberId, kind: /^\d+$/.test(person) ? 'wa_id' : 'user_id', person };
}

/**
 * Keys as they lie in the log. Neither log nor broker can encrypt a key, and that of a person's records is their user id or
 * phone number: what stands after the colon is replaced by the keyed hash that tables know them by. It stays the same when the
 * master key is rotated, so one person's records stay in one partition.
 */
export class RecordKeys {
  readonly #known = new Map<string, string>();

  constructor(private readonly hash: KeyedHash) {}

  /** The key without the person in it. A key that is hidden already, or names nobody, comes back as it is. */
  hide(key: string): string {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const about = personOfKey(key);
    if (!about || about.kind === 'hash') return key;
    const hash = this.hash(about.kind, about.person).subarray(0, HASH_BYTES);
    const hidden = `${about.phoneNumberId}:~${hash.toString('base64url')}`;
    if (this.#known.size >= MOST_REMEMBERED) this.#known.clear();
    this.#known.set(key, hidden);
    return hidden;
  }
}
