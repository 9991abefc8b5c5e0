import { splitIntoRequests, type Placed } from './kafka-writer.js';

const placed = (id: string, partition: number, bytes: number): { record: Placed } => {
  const attributes = { topic: 't', key: 'k', id, type: '', source: '', time: new Date(0) };
  return { record: { ...attributes, partition, value: Buffer.alloc(bytes) } };
};

describe('splitIntoRequests', () => {
  const idsOf = (records: { record: Placed }[]): string[][] =>
    splitIntoRequests(records).map((request) => request.map(({ record }) => record.id));

  it('puts everything into one request while no partition exceeds 900 kB', () => {
    expect(idsOf([placed('a', 0, 400_000), placed('b', 1, 400_000), placed('c', 2, 800_000)])).toEqual([
      ['a', 'b', 'c'],
    ]);
  });

  it('leaves what is too much of a partition to a later request, in order', () => {
    const records = [placed('a', 0, 600_000), placed('b', 0, 600_000), placed('c', 1, 10), placed('d', 0, 10)];
    expect(idsOf(records)).toEqual([
      ['a', 'c'],
      ['b', 'd'],
    ]);
  });

  it('gives a record above the limit a request of its own', () => {
    expect(idsOf([placed('a', 0, 10), placed('huge', 0, 2_000_000), placed('b', 0, 10)])).toEqual([
      ['a'],
      ['huge'],
      ['b'],
    ]);
  });
});
