// The customers of a run: each writes its script, a step at a time, and waits for the answers it needs to go on.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const ACTIVE = 48;
/** Longer than any fault lasts: who gets no answer by then is written down as unanswered. */
const PATIENCE_MS = 150_000;

/** Which message a send answers, by its text alone: every order is asked about by one message of its kind. */
export function answerKey(send) {
  const [order] = /FR-\d+/.exec(send.text) ?? [];
  if (order) return `${order}/${send.buttons.length > 0 ? 'question' : 'statement'}`;
  const [, note] = /note (FA-\d+)/.exec(send.text) ?? [];
  if (note) return `${note}/statement`;
  if (/passing you on to a colleague/.test(send.text)) return `${send.to}/human`;
  if (/not get any more messages/.test(send.text)) return `${send.to}/stop`;
  return undefined;
}

export function messageKey({ kind, order }, waId) {
  if (kind === 'cancel') return `${order}/question`;
  return order ? `${order}/statement` : `${waId}/${kind}`;
}

export class Customers {
  asked = 0;
  answered = 0;
  unanswered = 0;
  #answers = new Map();
  #waiters = new Map();
  #acknowledgements = new Map();

  /**
   * @param {{ history: object, patienceMs?: number, deliveries: object, mayAsk: () => Promise<void>, afterStop: (customer: object) => Promise<void>,
   *   beforeStop: (customer: object) => Promise<void> }} parts
   */
  constructor(parts) {
    this.parts = parts;
  }

  /** A POST that Meta saw. */
  sent(send) {
    const key = answerKey(send);
    if (key === undefined || this.#answers.has(key)) return;
    this.#answers.set(key, send);
    this.answered += 1;
    this.#waiters.get(key)?.(send);
  }

  acknowledged(wamid, at) {
    const acknowledge = this.#acknowledgements.get(wamid);
    if (!acknowledge) return;
    this.#acknowledgements.delete(wamid);
    this.parts.history.add({ t: 'ack', at, wamid });
    acknowledge();
  }

  /** Plays all scripts, some at a time. */
  async play(customers) {
    const queue = [...customers];
    const worker = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) await this.#playOne(next);
    };
    await Promise.all(Array.from({ length: Math.min(ACTIVE, queue.length) }, worker));
  }

  async #playOne(customer) {
    for (const step of customer.steps) {
      await this.parts.mayAsk();
      const stop = step.some(({ kind }) => kind === 'stop');
      if (stop) await this.parts.beforeStop(customer);
      this.asked += step.length;
      if (!(await this.#ask(customer, step))) {
        this.unanswered += 1;
        return;
      }
      if (stop) await this.parts.afterStop(customer);
    }
  }

  /** One message outside a script; whether it was answered. */
  async askOne(customer, message, { wait = true } = {}) {
    const asking = this.#ask(customer, [message], wait);
    return wait ? asking : true;
  }

  /** Writes the messages of a step and waits until each was answered; false when one was not. */
  async #ask(customer, step, wait = true) {
    const { history, deliveries } = this.parts;
    const messages = step.map((message) => this.#messageOf(customer, message));
    const answers = step.map((message) => this.answerTo(messageKey(message, customer.waId)));
    step.forEach(({ kind, order }, n) => {
      const { id } = messages[n].item;
      history.add({
        t: 'ask',
        wamid: id,
        waId: customer.waId,
        phone: customer.phone,
        kind,
        order,
        group: messages[0].item.id,
        position: n,
      });
    });
    deliveries.send(messages);
    if (!wait) return true;
    const patience = new AbortController();
    const late = sleep(this.parts.patienceMs ?? PATIENCE_MS, 'late', { signal: patience.signal }).catch(() => 'late');
    const outcome = await Promise.race([Promise.all(answers).then(() => 'answered'), late]);
    patience.abort();
    return outcome === 'answered';
  }

  #messageOf({ waId }, { kind, order, text }) {
    const id = `wamid.${randomBytes(24).toString('base64')}`;
    const acknowledged = new Promise((resolve) => this.#acknowledgements.set(id, resolve));
    const common = { id, timestamp: String(Math.floor(Date.now() / 1000)) };
    if (kind !== 'confirm') return { waId, acknowledged, item: { ...common, type: 'text', text: { body: text } } };
    const question = this.#answers.get(`${order}/question`);
    const yes = question?.buttons.find((button) => button.startsWith('confirm:yes')) ?? 'confirm:yes';
    const interactive = { type: 'button_reply', button_reply: { id: yes, title: 'Yes, cancel it' } };
    return { waId, acknowledged, item: { ...common, type: 'interactive', interactive } };
  }

  /** Resolves with the first POST that answers. */
  answerTo(key) {
    const known = this.#answers.get(key);
    return known ? Promise.resolve(known) : new Promise((resolve) => this.#waiters.set(key, resolve));
  }
}
