import kafkajs from 'kafkajs';
import { partitionOf } from './partitioner.js';

describe('partitionOf', () => {
  it('agrees with Kafka’s default partitioner', () => {
    const partitionMetadata = Array.from({ length: 6 }, (_, partitionId) => ({ partitionId, leader: 1 }));
    const kafka = kafkajs.Partitioners.DefaultPartitioner() as unknown as (args: object) => number;
    const keys = ['', 'a', 'ab', 'abc', 'abcd', 'ünï', '1067:4915112345678', '1067:US.13491208655302741918', '木🎈'];
    const theirs = keys.map((key) => kafka({ topic: 't', partitionMetadata, message: { key } }));
    expect(keys.map((key) => partitionOf(key, 6))).toEqual(theirs);
  });
});
