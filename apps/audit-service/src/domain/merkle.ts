import { createHash } from 'node:crypto';

// Leaves and nodes are hashed apart (RFC 6962), so that no node can be shown as a leaf.
const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

const sha256 = (...parts: readonly Buffer[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** A tree over the hashes of a chain's entries: its root is signed, and a path shows that one entry is under the root. */
export class MerkleTree {
  readonly #levels: Buffer[][];

  constructor(hashes: readonly Buffer[]) {
    this.#levels = [hashes.map((hash) => sha256(LEAF, hash))];
    for (let level = this.#levels[0] ?? []; level.length > 1;) {
      level = pairs(level);
      this.#levels.push(level);
    }
  }

  get size(): number {
    return this.#levels[0]?.length ?? 0;
  }

  /** Of an empty chain: the hash of nothing. */
  get root(): Buffer {
    return this.#levels.at(-1)?.[0] ?? sha256();
  }

  /** The siblings from an entry (from 0) up to the root; a node without a sibling has none and moves up as it is. */
  path(index: number): Buffer[] {
    const siblings = this.#levels.map((level, height) => level[(index >> height) ^ 1]);
    return siblings.slice(0, -1).filter((sibling) => sibling !== undefined);
  }
}

function pairs(level: readonly Buffer[]): Buffer[] {
  const above: Buffer[] = [];
  for (let at = 0; at < level.length; at += 2) {
    const [left, right] = [level[at], level[at + 1]];
    if (left) above.push(right ? sha256(NODE, left, right) : left);
  }
  return above;
}

/** The root that a tree of `size` entries has if `hash` stands at `index` (from 0) and these are its siblings. */
export function rootFrom(hash: Buffer, index: number, size: number, path: readonly Buffer[]): Buffer {
  let node = sha256(LEAF, hash);
  const left = [...path];
  for (let at = index, width = size; width > 1; at >>= 1, width = (width + 1) >> 1) {
    const alone = at % 2 === 0 && at === width - 1;
    if (alone) continue;
    const sibling = left.shift() ?? Buffer.alloc(0);
    node = at % 2 === 0 ? sha256(NODE, node, sibling) : sha256(NODE, sibling, node);
  }
  return node;
}
