const SEED = 0x9747b28c;
const M = 0x5bd1e995;

/** Keys are short ASCII nearly always: their bytes are put here, without a buffer of their own. */
const scratch = Buffer.alloc(256);

function bytesOf(key: string): Buffer {
  if (key.length > scratch.length) return Buffer.from(key, 'utf8');
  for (let at = 0; at < key.length; at++) {
    const code = key.charCodeAt(at);
    if (code > 127) return Buffer.from(key, 'utf8');
    scratch[at] = code;
  }
  return scratch.subarray(0, key.length);
}

/** MurmurHash2 (32 bit, Kafka's seed) of the key's UTF-8 bytes. */
export function murmur2(key: string): number {
  const data = bytesOf(key);
  const blocks = data.length >> 2;
  let h = SEED ^ data.length;
  for (let block = 0; block < blocks; block++) {
    let k = Math.imul(data.readInt32LE(block * 4), M);
    k = Math.imul(k ^ (k >>> 24), M);
    h = Math.imul(h, M) ^ k;
  }
  const rest = data.length & 3;
  for (let i = rest - 1; i >= 0; i--) h ^= (data[blocks * 4 + i] ?? 0) << (8 * i);
  if (rest > 0) h = Math.imul(h, M);
  h = Math.imul(h ^ (h >>> 13), M);
  return h ^ (h >>> 15);
}

/** The partition of a key: what Kafka's default partitioner says, so that every adapter and every client agrees. */
export function partitionOf(key: string, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions;
}
