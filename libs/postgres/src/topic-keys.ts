import { randomBytes, randomUUID } from 'node:crypto';
import { invalidArgument, notFound } from '@parley/errors';
import type { Database } from './database.js';
import { LruCache } from './lru-cache.js';
import type { MasterKey } from './master-key.js';

/** A 256-bit key and the id by which it is found again; the id travels with what the key encrypts. */
export interface TopicKey {
  id: string;
  key: Buffer;
}

/** How long a key stays in a process, also after it was destroyed. */
const CACHE_MS = 3_600_000;
const CACHE_KEYS = 1000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;

interface KeyRow {
  id: string;
  day: string;
  master_key_id: string;
  wrapped: Buffer;
}

/**
 * A key per topic and day, shared by all services of a vault: what a topic holds is encrypted under it, and unreadable
 * everywhere once the key is destroyed, when the topic's retention ends.
 */
export class TopicKeys {
  readonly #byDay = new LruCache<string, Promise<TopicKey>>(CACHE_KEYS, CACHE_MS);
  readonly #byId = new LruCache<string, Promise<TopicKey>>(CACHE_KEYS, CACHE_MS);

  constructor(
    private readonly db: Database,
    private readonly keys: MasterKey,
  ) {}

  /** The key of a topic for a day (UTC, `YYYY-MM-DD`), made if need be; the next day's is made with it, so midnight waits for nothing. */
  key(topic: string, day: string): Promise<TopicKey> {
    if (!DAY.test(day)) throw invalidArgument('VAULT.BAD_DAY', 'A day is written YYYY-MM-DD.');
    const name = `${topic}|${day}`;
    const known = this.#byDay.get(name);
    if (known) return known;
    const next = new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10);
    const both = this.#ensure(topic, [day, next]);
    const wanted = this.#share(this.#byDay, name, pick(both, day));
    if (!this.#byDay.get(`${topic}|${next}`)) void this.#share(this.#byDay, `${topic}|${next}`, pick(both, next));
    return wanted;
  }

  /**
   * The key with an id, of whatever topic and day.
   * @throws AppError NOT_FOUND `VAULT.KEY_ERASED` when it was destroyed, or never was in this vault
   */
  byId(id: string): Promise<TopicKey> {
    return this.#byId.get(id) ?? this.#share(this.#byId, id, this.#find(id));
  }

  /**
   * Destroys a topic's keys of the days before `day` and returns how many. Keys younger than 8 days stay, whatever is
   * asked for. Other processes forget them within the hour.
   */
  async destroyBefore(topic: string, day: string): Promise<number> {
    const [row] = await this.db.query<{ n: bigint }>('select vault.destroy_topic_keys($1, $2) as n', [topic, day]);
    this.#byDay.clear();
    this.#byId.clear();
    return Number(row?.n ?? 0n);
  }

  /** Everybody who asks at the same time waits for the same answer; a failure is not kept. */
  #share(cache: LruCache<string, Promise<TopicKey>>, name: string, key: Promise<TopicKey>): Promise<TopicKey> {
    cache.set(name, key);
    key.then(
      (found) => this.#byId.set(found.id, key),
      () => cache.delete(name),
    );
    return key;
  }

  async #ensure(topic: string, days: string[]): Promise<Map<string, TopicKey>> {
    const ids = days.map(() => randomUUID());
    const wrapped = ids.map((id) => this.keys.wrap(randomBytes(32), topicContext(id)).wrapped);
    const sql = 'select * from vault.ensure_topic_keys($1, $2::date[], $3::uuid[], $4, $5::bytea[])';
    const rows = await this.db.query<KeyRow>(sql, [topic, days, ids, this.keys.id, wrapped]);
    return new Map(rows.map((row) => [row.day, this.#unwrap(row)]));
  }

  async #find(id: string): Promise<TopicKey> {
    const [row] = await this.db.query<KeyRow>('select * from vault.find_topic_keys($1::uuid[])', [[id]]);
    if (!row) throw erased();
    return this.#unwrap(row);
  }

  #unwrap({ id, master_key_id, wrapped }: KeyRow): TopicKey {
    return { id, key: this.keys.unwrap({ masterKeyId: master_key_id, wrapped }, topicContext(id)) };
  }
}

async function pick(keys: Promise<Map<string, TopicKey>>, day: string): Promise<TopicKey> {
  const key = (await keys).get(day);
  if (!key) throw erased();
  return key;
}

function erased(): Error {
  return notFound(
    'VAULT.KEY_ERASED',
    'The key of this topic and day is not in the vault; it was destroyed when its time was over.',
  );
}

/** What a topic's key is bound to when it is wrapped. */
export function topicContext(id: string): string {
  return `topic:${id}`;
}
