// Business-initiated messages: templates put on the bus for a customer, as a campaign or an order update will do it.
import { randomUUID } from 'node:crypto';
import { createEventBus, contactKey, topics } from '@parley/event-bus';
import { Database, MasterKey } from '@parley/postgres';
import { createLogger } from '@parley/telemetry';
import { BUSINESS_NUMBER_ID } from './webhooks.mjs';

const UTILITY = 2;

export class Templates {
  #bus;
  #database;

  constructor(system) {
    this.system = system;
  }

  #open() {
    if (this.#bus) return this.#bus;
    const { system } = this;
    this.#database = new Database({ url: system.databaseUrl('audit'), schema: 'audit', applicationName: 'parley-faults', poolSize: 2 });
    const brokers = system.env.KAFKA_BROKERS;
    this.#bus = createEventBus({
      database: this.#database,
      kafka: brokers ? { brokers: brokers.split(','), ssl: false, partitions: 6, replication: 0 } : undefined,
      service: 'faults',
      masterKey: MasterKey.fromText(system.secrets.masterKey),
      logger: createLogger('faults', { level: 'silent' }),
    });
    return this.#bus;
  }

  /** Asks for a template to a customer; whether it may be sent is the gateway's to decide. */
  async send({ waId }) {
    const bus = this.#open();
    const recipient = { phoneNumberId: BUSINESS_NUMBER_ID, waId, userId: '', profileName: '' };
    const value = {
      sendId: randomUUID(),
      recipient,
      conversationId: '',
      category: UTILITY,
      windowUntil: undefined,
      content: { $case: 'template', value: { name: 'hello_world', language: 'en_US', bodyParameters: [], buttonPayloads: [] } },
      inReplyTo: '',
      decidedBy: 'faults',
      language: 'en',
      requestedAt: new Date(),
      traceparent: '',
    };
    for (let attempt = 0; attempt < 60; attempt += 1) {
      try {
        await bus.publish([{ topic: topics.whatsappOutbound, key: contactKey(recipient), value, id: value.sendId }]);
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  }

  async close() {
    await this.#bus?.close().catch(() => undefined);
    await this.#database?.close().catch(() => undefined);
  }
}
