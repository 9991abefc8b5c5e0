import { createHmac } from 'node:crypto';
import type { WebhookItem } from '../domain/webhook-items.js';
import { WebhookLog } from '../ports/webhook-log.port.js';
import { AcceptWebhook } from './accept-webhook.js';

class Kept extends WebhookLog {
  items: readonly WebhookItem[] = [];

  keep(items: readonly WebhookItem[]): Promise<void> {
    this.items = items;
    return Promise.resolve();
  }

  keepUnreadable(): Promise<void> {
    return Promise.resolve();
  }
}

/** A webhook of so many messages, and how often the loop went round while it was taken in. */
async function turnsFor(count: number, text = {}): Promise<{ turns: number; kept: number }> {
  const messages = Array.from({ length: count }, (_, n) => ({ id: `wamid.${n}`, type: 'text', from: '49170', text }));
  const changes = [{ field: 'messages', value: { metadata: { phone_number_id: '1' }, messages } }];
  const body = Buffer.from(JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: 'w', changes }] }));
  const kept = new Kept();
  const accept = new AcceptWebhook({ secrets: ['s'], phoneNumberIds: ['1'] }, kept, { now: () => new Date(0) });
  let turns = 0;
  let counting = setImmediate(function again() {
    turns += 1;
    counting = setImmediate(again);
  });
  const signature = `sha256=${createHmac('sha256', 's').update(body).digest('hex')}`;
  const answer = await accept.run(body, [signature]);
  clearImmediate(counting);
  expect(answer).toBe('accepted');
  return { turns, kept: kept.items.length };
}

describe('taking a webhook in', () => {
  it('lets others have their turn again and again while thousands of items are made', async () => {
    const { turns, kept } = await turnsFor(5000);
    expect(kept).toBe(5000);
    expect(turns).toBeGreaterThanOrEqual(15);
  });

  it('does the same while a thousand long texts are looked through for card numbers', async () => {
    const { turns, kept } = await turnsFor(1000, { body: '4111 1111 1111 1111 '.repeat(200) });
    expect(kept).toBe(1000);
    expect(turns).toBeGreaterThanOrEqual(200);
  });

  it.each([1, 200])('does not wait for anybody when there are %i', async (count) => {
    expect(await turnsFor(count)).toEqual({ turns: 0, kept: count });
  });
});
