import { LruCache } from './lru-cache.js';

describe('LruCache', () => {
  let now = 0;
  let cache: LruCache<string, number>;
  beforeEach(() => {
    now = 0;
    cache = new LruCache(2, 100, () => now);
  });

  it('drops what was not used longest', () => {
    cache.set('a', 1);
    cache.set('b', 2);
    cache.get('a');
    cache.set('c', 3);
    expect(['a', 'b', 'c'].map((key) => cache.get(key))).toEqual([1, undefined, 3]);
  });

  it('forgets after its time, however often it was used', () => {
    cache.set('a', 1);
    now = 99;
    expect(cache.get('a')).toBe(1);
    now = 100;
    expect(cache.get('a')).toBeUndefined();
  });

  it('can be told to forget', () => {
    cache.set('a', 1);
    cache.set('b', 2);
    cache.delete('a');
    expect([cache.get('a'), cache.get('b')]).toEqual([undefined, 2]);
    cache.clear();
    expect(cache.get('b')).toBeUndefined();
  });
});
