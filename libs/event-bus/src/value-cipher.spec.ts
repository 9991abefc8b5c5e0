import { randomBytes, randomUUID } from 'node:crypto';
import { notFound, unavailable } from '@parley/errors';
import type { TopicKey } from '@parley/postgres';
import { ValueCipher, type KeySource } from './value-cipher.js';

/** Keys in memory that can be destroyed, and a database that can go away. */
class Keys implements KeySource {
  readonly made = new Map<string, TopicKey>();
  readonly destroyed = new Set<string>();
  away = false;

  async key(topic: string, day: string): Promise<TopicKey> {
    if (this.away) throw unavailable('POSTGRES.UNAVAILABLE', 'away');
    const name = `${topic}|${day}`;
    const key = this.made.get(name) ?? { id: randomUUID(), key: randomBytes(32) };
    this.made.set(name, key);
    return key;
  }

  async byId(id: string): Promise<TopicKey> {
    const found = [...this.made.values()].find((key) => key.id === id);
    if (!found || this.destroyed.has(id)) throw notFound('VAULT.KEY_ERASED', 'gone');
    return found;
  }
}

const DAY = new Date('2026-11-22T23:59:00Z');
const NEXT_DAY = new Date('2026-11-23T00:01:00Z');

describe('ValueCipher', () => {
  const plain = Buffer.from('Where is my order?');

  it('gives back what it encrypted, and shows nothing of it', async () => {
    const cipher = new ValueCipher(new Keys());
    const [one, two] = await cipher.encrypt('t', [plain, plain], DAY);
    expect(one?.includes(plain)).toBe(false);
    expect(one).not.toEqual(two);
    expect(await cipher.decrypt('t', one ?? plain)).toEqual(plain);
  });

  it('refuses a value of another topic, a changed value and bytes that are none', async () => {
    const cipher = new ValueCipher(new Keys());
    const [sealed = plain] = await cipher.encrypt('t', [plain], DAY);
    await expect(cipher.decrypt('other', sealed)).rejects.toMatchObject({ reason: 'VAULT.DATA_CORRUPT' });
    const changed = Buffer.from(sealed);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    await expect(cipher.decrypt('t', changed)).rejects.toMatchObject({ reason: 'VAULT.DATA_CORRUPT' });
    await expect(cipher.decrypt('t', plain)).rejects.toMatchObject({ reason: 'BUS.UNDECODABLE' });
  });

  it('cannot read what was encrypted under a destroyed key', async () => {
    const keys = new Keys();
    const cipher = new ValueCipher(keys);
    const [sealed = plain] = await cipher.encrypt('t', [plain], DAY);
    for (const { id } of keys.made.values()) keys.destroyed.add(id);
    await expect(cipher.decrypt('t', sealed)).rejects.toMatchObject({ reason: 'VAULT.KEY_ERASED', retryable: false });
  });

  it('does not take bytes for a value whose key is missing', async () => {
    const bytes = Buffer.concat([Buffer.of(1), Buffer.alloc(60, 0xff)]);
    await expect(new ValueCipher(new Keys()).decrypt('t', bytes)).rejects.toMatchObject({ reason: 'BUS.UNDECODABLE' });
  });

  it('goes on past midnight while the database is away', async () => {
    const keys = new Keys();
    const cipher = new ValueCipher(keys);
    await cipher.prefetch(['t'], DAY);
    keys.away = true;
    await expect(cipher.encrypt('t', [plain], DAY)).resolves.toHaveLength(1);
    const [sealed = plain] = await cipher.encrypt('t', [plain], NEXT_DAY);
    expect(sealed.subarray(1, 17).toString('hex')).toBe(keys.made.get('t|2026-11-23')?.id.replaceAll('-', ''));
  });

  it('asks again for a key it could not get', async () => {
    const keys = new Keys();
    const cipher = new ValueCipher(keys);
    keys.away = true;
    await expect(cipher.encrypt('t', [plain], DAY)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    keys.away = false;
    await expect(cipher.encrypt('t', [plain], DAY)).resolves.toHaveLength(1);
  });
});
