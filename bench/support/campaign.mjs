// A campaign: templates put on whatsapp.outbound.bulk through the bus of the system, as a service of its own would.
import { randomUUID } from 'node:crypto';
import { events } from '@parley/contracts';
import { contactKey, topics } from '@parley/event-bus';
import { busOf } from './bus.mjs';
import { numberIds } from './webhooks.mjs';

const CHUNK = 500;
/** Apart from the customers who write: nobody gets both. */
const recipient = (index) => `4918${String(600_000_000 + index)}`;

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
  const recipients = (from, count) => Array.from({ length: count }, (_, index) => `+${recipient(from + index)}`);
  return { put, close, recipients, total: () => total };
}
