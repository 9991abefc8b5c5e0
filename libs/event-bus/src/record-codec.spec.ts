import { randomBytes, randomUUID } from 'node:crypto';
import { notFound } from '@parley/errors';
import type { TopicKey } from '@parley/postgres';
import { RecordCodec, type StoredRecord } from './record-codec.js';
import type { Topic } from './event-bus.js';
import { ValueCipher, type KeySource } from './value-cipher.js';

const NOW = new Date('2026-11-22T12:00:00Z');
const DAY_MS = 86_400_000;

/** The keys of one vault. */
class Keys implements KeySource {
  readonly #keys = new Map<string, TopicKey>();

  async key(topic: string, day: string): Promise<TopicKey> {
    const name = `${topic}|${day}`;
    const key = this.#keys.get(name) ?? { id: randomUUID(), key: randomBytes(32) };
    this.#keys.set(name, key);
    return key;
  }

  async byId(id: string): Promise<TopicKey> {
    const found = [...this.#keys.values()].find((key) => key.id === id);
    if (!found) throw notFound('VAULT.KEY_ERASED', 'not there');
    return found;
  }
}

const topic: Topic<string> = {
  name: 't',
  type: 'test.v1.Text',
  encrypted: true,
  encode: (text) => Buffer.from(text),
  decode: (bytes) => Buffer.from(bytes).toString(),
};
const codecWith = (keys: Keys): RecordCodec => new RecordCodec('writer', new ValueCipher(keys), () => NOW);

async function written(keys: Keys, ageMs: number): Promise<StoredRecord> {
  const [record] = await codecWith(keys).prepare([{ topic, key: 'k', value: 'hello', id: '1' }]);
  if (!record) throw new Error('nothing was prepared');
  return { ...record, time: new Date(NOW.getTime() - ageMs), partition: 0, offset: 0n };
}

describe('RecordCodec', () => {
  it('reads what another process wrote with the keys of the same vault', async () => {
    const keys = new Keys();
    const [decoded] = await codecWith(keys).decode(topic, [await written(keys, 0)]);
    expect(decoded).toMatchObject({ record: { value: 'hello' } });
  });

  it('waits with a record whose key cannot have been destroyed yet: somebody uses another vault', async () => {
    const decoding = codecWith(new Keys()).decode(topic, [await written(new Keys(), 7 * DAY_MS)]);
    await expect(decoding).rejects.toMatchObject({ reason: 'VAULT.KEY_UNKNOWN', retryable: true });
    await expect(decoding).rejects.toThrow(/encrypted by writer .* VAULT_DATABASE_URL/);
  });

  it('gives up a record that has outlived its key', async () => {
    const [decoded] = await codecWith(new Keys()).decode(topic, [await written(new Keys(), 9 * DAY_MS)]);
    expect(decoded).toMatchObject({ failure: { reason: 'VAULT.KEY_ERASED' } });
  });
});
