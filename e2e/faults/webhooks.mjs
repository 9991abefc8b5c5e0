// Delivers customers' messages as Meta does: signed, in batches, several times, and again until the answer is 200.
import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const SECRET = 'demo-app-secret';
const NUMBER_ID = '106540352242922';
const COLLECT_MS = 25;
const MOST_ITEMS = 40;
const MOST_COPIES = 5;
const RETRY_MS = [100, 200, 400, 800, 1500];

export const BUSINESS_NUMBER_ID = NUMBER_ID;

/** A signed webhook with messages of many customers: one change for each, as Meta batches them. */
export function webhookOf(messages) {
  const changes = messages.map(({ waId, item }) => ({
    field: 'messages',
    value: {
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: '15550783881', phone_number_id: NUMBER_ID },
      contacts: [{ profile: { name: 'Fault customer' }, wa_id: waId }],
      messages: [{ from: waId, ...item }],
    },
  }));
  const entry = [{ id: '102290129340398', changes }];
  const body = JSON.stringify({ object: 'whatsapp_business_account', entry });
  const signature = createHmac('sha256', SECRET).update(body).digest('hex');
  return { body, headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` } };
}

export class Deliveries {
  #waiting = [];
  #timer;
  #later = [];
  #open = new Set();
  #stopped = false;
  counts = { webhooks: 0, items: 0, copies: 0, retries: 0, replayed: 0 };

  /** @param {{ dice: import('./random.mjs').Dice, urls: string[], acknowledged: (wamid: string, at: number) => void }} parts */
  constructor(parts) {
    this.parts = parts;
  }

  /** Sends the messages of one customer in this order, in one webhook, and copies of them later. */
  send(messages) {
    const { dice } = this.parts;
    this.#waiting.push({ first: true, messages });
    if (!this.#timer) this.#timer = setTimeout(() => this.#flush(), COLLECT_MS);
    for (const message of messages) {
      const copies = dice.between(1, MOST_COPIES) - 1;
      for (let copy = 0; copy < copies; copy += 1) this.#copyLater(message, dice);
      if (dice.chance(0.1)) this.#later.push(message);
    }
  }

  /** Some of the messages once more, as if days had passed: with another timestamp, in any order. */
  async replay() {
    const old = this.parts.dice.shuffled(this.#later.splice(0));
    this.counts.replayed = old.length;
    for (let n = 0; n < old.length; n += MOST_ITEMS) {
      const days = (message) => ({
        ...message,
        item: { ...message.item, timestamp: String(Number(message.item.timestamp) + 1) },
      });
      await this.#post(old.slice(n, n + MOST_ITEMS).map(days));
    }
  }

  /** Resolves when everything was acknowledged. */
  async settled() {
    while (this.#open.size > 0 || this.#waiting.length > 0) await sleep(50);
  }

  stop() {
    this.#stopped = true;
  }

  #copyLater(message, dice) {
    const delay = dice.chance(0.5) ? dice.between(0, 300) : dice.between(300, 8000);
    const token = {};
    this.#open.add(token);
    // A copy never overtakes: Meta repeats what it has sent, and the order of a customer is that of the first acknowledgement.
    void message.acknowledged
      .then(() => sleep(delay))
      .then(() => {
        this.#open.delete(token);
        this.counts.copies += 1;
        this.#waiting.push({ first: false, messages: [message] });
        if (!this.#timer) this.#timer = setTimeout(() => this.#flush(), COLLECT_MS);
      });
  }

  #flush() {
    this.#timer = undefined;
    const groups = this.parts.dice.shuffled(this.#waiting.splice(0));
    while (groups.length > 0) {
      const messages = [];
      while (groups.length > 0 && messages.length < MOST_ITEMS) messages.push(...groups.shift().messages);
      void this.#post(messages);
    }
  }

  async #post(messages) {
    const token = {};
    this.#open.add(token);
    const { dice, urls } = this.parts;
    const { body, headers } = webhookOf(messages);
    this.counts.webhooks += 1;
    this.counts.items += messages.length;
    for (let attempt = 0; !this.#stopped; attempt += 1) {
      if (await this.#accepted(dice.pick(urls), body, headers)) break;
      this.counts.retries += 1;
      await sleep(RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]);
    }
    const at = Date.now();
    for (const { item } of messages) this.parts.acknowledged(item.id, at);
    this.#open.delete(token);
  }

  async #accepted(url, body, headers) {
    try {
      const signal = AbortSignal.timeout(20_000);
      const response = await fetch(`${url}/webhooks/whatsapp`, { method: 'POST', body, headers, signal });
      await response.arrayBuffer();
      return response.status === 200;
    } catch {
      return false;
    }
  }
}
