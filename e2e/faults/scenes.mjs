// What ordinary traffic does not reach: an agent at the desk, a message nobody can handle, a write through the CRM bridge's own
// door. Each scene has a customer of its own and is played once for every place it reaches, with the process killed there.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { callerOf } from './outside.mjs';

const PATIENCE_MS = 60_000;
const AFTERWARDS_MS = 4000;
/** Two waits for a status, one of them begun anew after a restart, on a busy machine. */
const DOUBT_MS = 240_000;
/** How often somebody is written to meanwhile. */
const SPARE_MS = 8000;
/** Customers who only make statuses come in. */
const SPARE = 24;

/** Places by the scene that reaches them. */
export const SCENES = {
  agent: [
    'desk.session.started',
    'desk.command.asking',
    'desk.command.answered',
    'conversation-service.reply.decided',
    'conversation-service.reply.committed',
    'conversation-service.change.committed',
  ],
  poison: ['event-bus.letter.keeping', 'event-bus.letter.kept', 'conversation-service.letter.rescuing'],
  doubt: ['gateway.doubt.resending', 'gateway.doubt.surrendering'],
  task: ['crm-bridge.write.claimed', 'crm-bridge.write.done', 'crm-bridge.write.committed'],
};

/** Until it works, as somebody who needs an answer would. */
async function insist(work, what) {
  const limit = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > limit) throw new Error(`${what}: ${error.message}`, { cause: error });
      await sleep(200);
    }
  }
}

/** A signed-in agent, who tries again what got no answer. */
class Agent {
  constructor(url) {
    this.url = url;
  }

  async signIn() {
    const body = { email: 'agent@example.com', password: 'parley-demo' };
    await insist(async () => {
      const response = await this.#fetch('POST', '/api/session', body);
      this.cookie = response.headers
        .getSetCookie()
        .map((cookie) => cookie.split(';')[0])
        .join('; ');
      this.csrf = (await response.json()).csrf;
    }, 'signing in');
  }

  /** Commands are safe to repeat: the same key says something once, and a state that holds is no error here. */
  command(id, name, body = {}) {
    const path = `/api/conversations/${id}/${name}`;
    return insist(async () => {
      const response = await this.#fetch('POST', path, body, [409]);
      await response.arrayBuffer();
    }, name);
  }

  async #fetch(method, path, body, fine = []) {
    const headers = {
      'content-type': 'application/json',
      origin: this.url,
      cookie: this.cookie ?? '',
      'x-csrf-token': this.csrf ?? '',
    };
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers,
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(15_000),
    });
    if (!response.ok && !fine.includes(response.status)) throw new Error(`the desk answered ${response.status}`);
    return response;
  }
}

export class Scenes {
  /** @param {{ system: object, history: object, people: object, places: object, meta: object, customers: object[] }} parts one customer for each playing */
  constructor(parts) {
    this.parts = parts;
    this.customers = [...parts.customers];
    this.spare = this.customers.splice(-SPARE);
  }

  /** How many customers all playings need. */
  static get customersNeeded() {
    return Object.values(SCENES).flat().length + SPARE;
  }

  /** Plays a scene for each wanted place that was not reached yet. */
  async play(wanted, say) {
    for (const [name, places] of Object.entries(SCENES)) {
      for (const place of places.filter((one) => wanted.includes(one))) {
        const customer = this.customers.shift();
        const { places: armed, history } = this.parts;
        const at = Date.now();
        armed.arm(place);
        try {
          await this[name](customer);
          // Some places are passed when the scene is over.
          for (let waited = 0; waited < AFTERWARDS_MS && !armed.hasFired(place); waited += 50) await sleep(50);
        } catch (error) {
          say(`scene ${name} at ${place}: ${error.message}`);
        }
        history.add({
          t: 'fault',
          at,
          until: Date.now(),
          kind: 'place',
          place,
          scene: name,
          fired: armed.hasFired(place),
        });
        armed.disarmOne(place);
      }
    }
  }

  async agent(customer) {
    const { system, people, history } = this.parts;
    const { waId, phone } = customer;
    await people.askOne(customer, { kind: 'human', text: 'let me talk to a person' });
    const id = await this.#conversationOf(phone);
    const agent = new Agent(system.deskUrl);
    await agent.signIn();
    await agent.command(id, 'take-over');
    const order = `FA-${100 + customer.index}`;
    const key = randomUUID();
    history.add({ t: 'ask', wamid: key, waId, phone, kind: 'agent', order, group: key, position: 0 });
    const answered = people.answerTo(`${order}/statement`);
    await agent.command(id, 'reply', { text: `An agent looks after note ${order}.`, idempotencyKey: key });
    history.add({ t: 'ack', wamid: key });
    // Said twice with the same key: the second time changes nothing.
    await agent.command(id, 'reply', { text: `An agent looks after note ${order}.`, idempotencyKey: key });
    await within(answered);
    await agent.command(id, 'hand-back');
    await people.askOne(customer, customer.steps[0][0]);
  }

  async poison(customer) {
    const { people, places } = this.parts;
    places.poison(true);
    try {
      await people.askOne(customer, { ...customer.steps[0][0], kind: 'poison' }, { wait: false });
      await insist(async () => {
        const { conversation } = await this.#ask('conversation', 'ConversationService', 1, 'getByPhone', {
          phone: customer.phone,
        });
        if (!/QUEUED/.test(conversation?.state)) throw new Error('the customer is not with a person');
      }, 'a message that cannot be handled');
    } finally {
      places.poison(false);
    }
  }

  /** Nobody ever hears of the first copy, nor of the second. */
  async doubt(customer) {
    const { people, meta } = this.parts;
    await meta.strike({ kind: 'http_error', http_status: 503, next: 2, to: customer.phone });
    await people.askOne(customer, customer.steps[0][0]);
    const limit = Date.now() + DOUBT_MS;
    while (Date.now() < limit) {
      const { conversation } = await this.#ask('conversation', 'ConversationService', 1, 'getByPhone', {
        phone: customer.phone,
      }).catch(() => ({}));
      if (/QUEUED/.test(conversation?.state)) return;
      // After a restart the wait counts from the first status that comes in, so somebody has to be written to.
      const other = this.spare.shift();
      if (other) await people.askOne(other, other.steps[0][0]);
      await sleep(SPARE_MS);
    }
    throw new Error(`nobody was told of a reply that was lost`);
  }

  async task({ id, waId, phone, index }) {
    const key = randomUUID();
    const subject = `faults-${index}`;
    const request = { task: { subject, description: 'Look into it', customer_id: id }, phone, idempotency_key: key };
    this.parts.history.add({ t: 'task-asked', waId, subject });
    const write = () => this.#ask('crm', 'CrmService', 3, 'createTask', request);
    await insist(write, 'a task');
    await insist(write, 'the same task again');
  }

  async #conversationOf(phone) {
    return insist(async () => {
      const { conversation } = await this.#ask('conversation', 'ConversationService', 1, 'getByPhone', { phone });
      if (!/QUEUED/.test(conversation?.state)) throw new Error('nobody waits');
      return conversation.id;
    }, 'the conversation');
  }

  async #ask(domain, service, offset, method, request) {
    const client = callerOf(domain, service, `127.0.0.1:${this.parts.system.base + 250 + offset}`);
    try {
      return await client.call(method, request);
    } finally {
      client.close();
    }
  }
}

async function within(promise) {
  const late = new AbortController();
  const timer = sleep(PATIENCE_MS, undefined, { signal: late.signal }).then(
    () => Promise.reject(new Error('it was not answered in time')),
    () => undefined,
  );
  await Promise.race([promise, timer]);
  late.abort();
}
