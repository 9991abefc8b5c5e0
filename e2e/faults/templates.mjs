// Business-initiated messages: templates put on the bus for a customer, as a campaign or an order update will do it.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createEventBus, contactKey, topics } from '@parley/event-bus';
import { Database, MasterKey } from '@parley/postgres';
import { createLogger } from '@parley/telemetry';
import { BUSINESS_NUMBER_ID } from './webhooks.mjs';

const UTILITY = 2;
const ATTEMPTS = 60;
const SEEN_MS = 30_000;

export class Templates {
  #seen = new Map();
  #bus;
  #database;

  constructor(system) {
    this.system = system;
  }

  #open() {
    if (this.#bus) return this.#bus;
    const { system } = this;
    this.#database = new Database({
      url: system.databaseUrl('audit'),
      schema: 'audit',
      applicationName: 'parley-faults',
      poolSize: 2,
    });
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

  /** Meta saw one. */
  sent({ sendId }) {
    this.#seen.get(sendId)?.();
  }

  /** Asks for a template and waits until Meta has seen it, which a consent that is there lets happen; or gives up waiting. */
  async sendAndSee(customer) {
    const sendId = randomUUID();
    const seen = new Promise((resolve) => this.#seen.set(sendId, resolve));
    await this.send(customer, sendId);
    await Promise.race([seen, sleep(SEEN_MS, undefined, { ref: false })]);
  }

  /** Asks for a template to a customer; whether it may be sent is the gateway's to decide. */
  async send({ waId }, sendId = randomUUID()) {
    const bus = this.#open();
    const recipient = { phoneNumberId: BUSINESS_NUMBER_ID, waId, userId: '', profileName: '' };
    const value = {
      sendId,
      recipient,
      conversationId: '',
      category: UTILITY,
      windowUntil: undefined,
      content: {
        $case: 'template',
        value: { name: 'hello_world', language: 'en_US', bodyParameters: [], buttonPayloads: [] },
      },
      inReplyTo: '',
      decidedBy: 'faults',
      language: 'en',
      requestedAt: new Date(),
      traceparent: '',
    };
    for (let attempt = 1; ; attempt += 1) {
      try {
        await bus.publish([{ topic: topics.whatsappOutbound, key: contactKey(recipient), value, id: value.sendId }]);
        return;
      } catch (error) {
        // The bus may be one of the things that were just killed.
        if (attempt >= ATTEMPTS) throw error;
        await sleep(500);
      }
    }
  }

  async close() {
    await this.#bus?.close().catch(() => undefined);
    await this.#database?.close().catch(() => undefined);
  }
}
