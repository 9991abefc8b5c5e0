export { annotateRecord } from './spans.js';
export type { DeadLetter, DeadLetterContent, DeadLetters, Unsendable } from './dead-letters.js';
export {
  EventBus,
  type Batch,
  type DeadRecord,
  type OutgoingRecord,
  type ReceivedRecord,
  type SubscribeOptions,
  type Subscription,
  type Topic,
} from './event-bus.js';
export { InMemoryEventBus, type InMemoryOptions } from './in-memory/in-memory-bus.js';
export { InMemoryLog } from './in-memory/in-memory-log.js';
export { InMemoryTransactions } from './in-memory/in-memory-transactions.js';
export { personOfKey, type KeyedPerson } from './record-key.js';
export { partitionOf } from './partitioner.js';
export { contactKey, deadLetterTopic, topics, topicsByName } from './topics.js';
export { busMigrations, busSchema } from './embedded/bus-schema.js';
export { bindVault } from './bind-vault.js';
export { createEventBus, type EventBusOptions } from './create-event-bus.js';
export { eventBusSettings, kafkaOptions, type KafkaOptions } from './settings.js';
export { BatchingPublisher, type BatchingOptions } from './batching-publisher.js';
