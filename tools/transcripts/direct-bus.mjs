// The event bus of one process that waits for nothing: what was written is handed over when `settle` is called, in order.
import { EventBus } from '@parley/event-bus';

const signal = new AbortController().signal;

export class DirectBus extends EventBus {
  /** Everything written since the last `settle` began, in order. */
  #waiting = [];
  #subscribers = [];
  #offset = 0n;

  constructor(clock) {
    super();
    this.clock = clock;
  }

  get deadLetters() {
    throw new Error('A transcript has no dead letters: what a service cannot handle fails the scene.');
  }

  async publish(records) {
    this.#take(records);
  }

  async append(_tx, records) {
    this.#take(records);
  }

  async subscribe(options) {
    this.#subscribers.push(options);
    return { close: async () => undefined, paused: () => false };
  }

  /** Hands over until nobody writes any more; resolves with all records there were. */
  async settle() {
    const all = [];
    for (let record = this.#waiting.shift(); record; record = this.#waiting.shift()) {
      all.push(record);
      for (const { topic, handle } of this.#subscribers) {
        if (topic.name === record.topic) {
          await handle({
            topic: record.topic,
            partition: 0,
            records: [record],
            signal,
            commitIn: async () => undefined,
          });
        }
      }
    }
    return all;
  }

  async ready() {}

  async close() {}

  // Through the bytes and back, so that nothing passes that the contract does not have.
  #take(records) {
    for (const { topic, key, value, id, traceparent } of records) {
      const decoded = topic.decode(topic.encode(value));
      const place = { topic: topic.name, partition: 0, offset: this.#offset++ };
      this.#waiting.push({ ...place, key, id, time: this.clock.now(), value: decoded, traceparent });
    }
  }
}
