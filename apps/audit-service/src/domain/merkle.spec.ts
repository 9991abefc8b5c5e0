import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { MerkleTree, rootFrom } from './merkle.js';

const hashes = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, n) => createHash('sha256').update(`entry ${n}`).digest());

describe('a Merkle tree', () => {
  it('shows of each of its entries that it stands at its place under the root', () => {
    for (let size = 1; size <= 33; size++) {
      const all = hashes(size);
      const tree = new MerkleTree(all);
      expect(tree.size).toBe(size);
      for (const [index, hash] of all.entries()) {
        expect(rootFrom(hash, index, size, tree.path(index))).toEqual(tree.root);
      }
    }
  });

  it('shows nothing else: no other entry, no other place, no path with a byte changed', () => {
    const sizes = fc.integer({ min: 2, max: 200 });
    fc.assert(
      fc.property(sizes, fc.nat(), fc.nat(), (size, some, other) => {
        const all = hashes(size);
        const tree = new MerkleTree(all);
        const [index, wrong] = [some % size, other % size];
        fc.pre(index !== wrong);
        const path = tree.path(index);
        expect(rootFrom(all[wrong]!, index, size, path)).not.toEqual(tree.root);
        expect(rootFrom(all[index]!, wrong, size, path)).not.toEqual(tree.root);
        const changed = path.map((node, at) => (at === other % path.length ? Buffer.from(node).fill(1, 0, 1) : node));
        fc.pre(!changed.every((node, at) => node.equals(path[at]!)));
        expect(rootFrom(all[index]!, index, size, changed)).not.toEqual(tree.root);
      }),
    );
  });

  it('of nothing has a root of its own', () => {
    expect(new MerkleTree([]).root).toEqual(createHash('sha256').digest());
  });
});
