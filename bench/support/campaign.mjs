// A campaign: templates put on whatsapp.outbound.bulk through the bus of the system, as a service of its own would.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { loadConfig } from '@parley/config';
import { events } from '@parley/contracts';
import { contactKey, createEventBus, eventBusSettings, kafkaOptions, topics } from '@parley/event-bus';
import { Database, MasterKey } from '@parley/postgres';
import { createLogger } from '@parley/telemetry';
import { numberIds } from './webhooks.mjs';

const CHUNK = 500;
/** Apart from the customers who write: nobody gets both. */
const recipient = (index) => `4918${String(600_000_000 + index)}`;

/** The settings of a running process; only what it knows itself leads to its bus. */
function environmentOf(pid) {
  const lines = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

async function busOf(system) {
  const env = environmentOf(system.pids().get('gateway')[0]);
  const database = new Database({
    url: env.GATEWAY_DATABASE_URL,
    schema: 'gateway',
    applicationName: 'parley-bench',
    poolSize: 2,
  });
  const masterKey = env.PARLEY_MASTER_KEY_FILE
    ? await MasterKey.fromFile(env.PARLEY_MASTER_KEY_FILE)
    : MasterKey.fromText(env.PARLEY_MASTER_KEY);
  const logger = createLogger('bench', { level: 'silent' });
  const kafka = kafkaOptions(loadConfig(eventBusSettings, env));
  const bus = createEventBus({ database, kafka, service: 'bench', masterKey, logger });
  const close = async () => {
    await bus.close();
    await database.close();
  };
  return { bus, close };
}

/** A template about an order: utility, so silence is enough of a consent, which is still asked for before each POST. */
function recordOf(index) {
  const [phoneNumberId] = numberIds(1);
  const value = events.MessageRequested.fromPartial({
    sendId: randomUUID(),
    recipient: { phoneNumberId, userId: '', waId: recipient(index), profileName: '' },
    conversationId: randomUUID(),
    category: events.MessageCategory.UTILITY,
    content: {
      $case: 'template',
      value: { name: 'order_ready', language: 'en_US', bodyParameters: [String(index)], buttonPayloads: [] },
    },
    requestedAt: new Date(),
  });
  return { topic: topics.whatsappOutboundBulk, key: contactKey(value.recipient), value, id: value.sendId };
}

/** Opens the campaign's way into a system; `put` resolves when that many more records are durable. */
export async function openCampaign(system) {
  const { bus, close } = await busOf(system);
  let total = 0;
  const put = async (count) => {
    for (let done = 0; done < count; done += CHUNK) {
      const part = Math.min(CHUNK, count - done);
      await bus.publish(Array.from({ length: part }, (_, index) => recordOf(total + index)));
      total += part;
    }
  };
  return { put, close, total: () => total };
}
