import { AppError } from '@parley/errors';
import { seal, unseal, type TopicKey } from '@parley/postgres';

/** Where topic keys come from: `TopicKeys` of `@parley/postgres`. */
export interface KeySource {
  /** The key of a topic for a UTC day, made if need be. */
  key(topic: string, day: string): Promise<TopicKey>;
  /** @throws AppError NOT_FOUND when it was destroyed, or never was there */
  byId(id: string): Promise<TopicKey>;
}

const VERSION = 1;
const ID_BYTES = 16;
const HEAD = 1 + ID_BYTES;
const DAY_MS = 86_400_000;

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

function idToBytes(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

function idFromBytes(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

// As `randomUUID` makes them. Of anything else it would be wrong to say that its key is missing.
const UUID = /^.{14}4.{4}[89ab]/;

function undecodable(): AppError {
  return new AppError({ code: 'DATA_LOSS', reason: 'BUS.UNDECODABLE', message: 'Not an encrypted value.' });
}

/**
 * Values as they lie in the log: version, id of the key, sealed bytes (AES-256-GCM). The topic is authenticated too, so a
 * value cannot change lanes. Keys to encrypt with are held from the day before on: writing goes on while Postgres is away.
 */
export class ValueCipher {
  readonly #current = new Map<string, Promise<TopicKey>>();

  constructor(private readonly keys: KeySource) {}

  /** Encrypts values of one topic under the key of the day of `now`. */
  async encrypt(topic: string, values: readonly Uint8Array[], now: Date): Promise<Buffer[]> {
    const { id, key } = await this.#keyOf(topic, now.getTime());
    const head = Buffer.concat([Buffer.of(VERSION), idToBytes(id)]);
    return values.map((value) => seal(key, value, topic, head));
  }

  /** @throws AppError NOT_FOUND `VAULT.KEY_ERASED` when the vault does not have the key; anything else that is not retryable when the bytes are not ours */
  async decrypt(topic: string, value: Buffer): Promise<Buffer> {
    if (value.length < HEAD || value[0] !== VERSION) {
      throw undecodable();
    }
    const id = idFromBytes(value.subarray(1, HEAD));
    if (!UUID.test(id)) throw undecodable();
    const { key } = await this.keys.byId(id);
    return unseal(key, value.subarray(HEAD), topic);
  }

  /** Gets the keys of today and tomorrow. */
  async prefetch(topics: readonly string[], now: Date): Promise<void> {
    await Promise.all(topics.map((topic) => this.#keyOf(topic, now.getTime())));
  }

  #keyOf(topic: string, now: number): Promise<TopicKey> {
    const today = this.#hold(topic, dayOf(now));
    // Asked for together with today's, so that midnight finds it here; a failure matters only when its day has come.
    this.#hold(topic, dayOf(now + DAY_MS)).catch(() => undefined);
    this.#current.delete(`${topic}|${dayOf(now - DAY_MS)}`);
    return today;
  }

  #hold(topic: string, day: string): Promise<TopicKey> {
    const name = `${topic}|${day}`;
    const known = this.#current.get(name);
    if (known) return known;
    const key = this.keys.key(topic, day);
    this.#current.set(name, key);
    key.catch(() => this.#current.delete(name));
    return key;
  }
}
