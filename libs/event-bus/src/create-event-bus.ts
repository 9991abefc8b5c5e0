import { identityHash, TopicKeys, type Database, type MasterKey } from '@parley/postgres';
import type { Logger } from '@parley/telemetry';
import { EmbeddedEventBus } from './embedded/embedded-bus.js';
import type { EventBus } from './event-bus.js';
import { KafkaEventBus } from './kafka/kafka-bus.js';
import { RecordCodec } from './record-codec.js';
import { RecordKeys } from './record-key.js';
import type { KafkaOptions } from './settings.js';
import { destroyOldKeys } from './upkeep.js';
import { ValueCipher } from './value-cipher.js';

/** What a service's bus is made of. */
export interface EventBusOptions {
  /** The service's own database; closed by the service, after the bus. */
  database: Database;
  /** Where the topics' keys are, the same for all services of a bus; default: the service's own database. Closed like that. */
  vault?: Database;
  /** `kafkaOptions(config)`; without brokers the embedded log is used. */
  kafka?: KafkaOptions;
  /** Name of the service: `ce_source` of what it writes. */
  service: string;
  masterKey: MasterKey;
  logger: Logger;
}

/** The event bus of a service: Kafka when brokers are configured, else the log on Postgres. Connects when it is first used. */
export function createEventBus(options: EventBusOptions): EventBus {
  const { database, vault = database, kafka, service, masterKey, logger } = options;
  const keys = new TopicKeys(vault, masterKey);
  const recordKeys = new RecordKeys((kind, person) => identityHash(masterKey, kind, person));
  const codec = new RecordCodec(service, new ValueCipher(keys), undefined, recordKeys);
  const chores = [() => destroyOldKeys(keys, new Date())];
  if (kafka && kafka.brokers.length > 0) {
    return new KafkaEventBus({ kafka, database, codec, logger, service, chores });
  }
  return new EmbeddedEventBus({ database, codec, logger, partitions: kafka?.partitions, chores });
}
