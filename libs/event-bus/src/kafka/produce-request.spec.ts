import { createRequire } from 'node:module';
import fc from 'fast-check';
import { crc32c } from './crc32c.js';
import { encodeProduce, type ProduceArguments } from './produce-request.js';

const require = createRequire(import.meta.url);
const theirs = require('kafkajs/src/protocol/requests/produce/v3/request') as (request: ProduceArguments) => {
  encode(): Promise<{ buffer: Buffer }>;
};

const text = fc.string({ unit: 'grapheme', maxLength: 200 });
const bytes = fc.uint8Array({ maxLength: 20_000 }).map((array) => Buffer.from(array));
const message = fc.record({
  key: fc.oneof(text, fc.constant(null)),
  value: fc.oneof(bytes, text, fc.constant(null)),
  headers: fc.dictionary(
    fc.string({ maxLength: 20 }).filter((name) => name !== '__proto__'),
    fc.oneof(text, bytes),
    { maxKeys: 8 },
  ),
  // kafkajs sorts timestamps as text: of one length that is the same.
  timestamp: fc.integer({ min: 1_700_000_000_000, max: 1_999_999_999_999 }).map(String),
});
const partition = fc.record({
  partition: fc.nat(1000),
  firstSequence: fc.nat(),
  messages: fc.array(message, { minLength: 1, maxLength: 20 }),
});
const topicData = fc.array(
  fc.record({ topic: fc.string({ maxLength: 50 }), partitions: fc.array(partition, { maxLength: 4 }) }),
  { maxLength: 3 },
);
const request = fc.record({
  acks: fc.constantFrom(-1, 0, 1),
  timeout: fc.nat(),
  transactionalId: fc.constantFrom(undefined, 'transaction'),
  producerId: fc.oneof(
    fc.bigInt({ min: -1n, max: 2n ** 62n }).map((value) => ({ value })),
    fc.constant(undefined),
  ),
  producerEpoch: fc.nat(32_767),
  topicData,
});

describe('encodeProduce', () => {
  it('gives the bytes that kafkajs itself would have sent', async () => {
    await fc.assert(
      fc.asyncProperty(request, async (asked) => {
        const { buffer } = await theirs(asked).encode();
        expect(encodeProduce(asked).equals(buffer)).toBe(true);
      }),
    );
  });
});

describe('crc32c', () => {
  it('knows the published example, wherever it stands', () => {
    const bytes = Buffer.from('..123456789.');
    expect(crc32c(bytes, 2, 11)).toBe(0xe3069283);
  });
});
