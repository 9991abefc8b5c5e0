// The simulator's side: what was sent, as Meta saw it, and how Meta behaves.
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 80;

/** What of a send a customer would see. */
function seen({ seq, at, body, result }) {
  const interactive = body.interactive ?? {};
  const buttons = (interactive.action?.buttons ?? []).map(({ reply }) => reply.id);
  return {
    t: 'send',
    seq,
    at: Date.parse(at),
    to: String(body.to ?? '').replace(/^\+/, ''),
    sendId: body.biz_opaque_callback_data ?? '',
    type: body.type,
    text: body.text?.body ?? interactive.body?.text ?? body.template?.name ?? '',
    buttons,
    result,
  };
}

export class Meta {
  #last = 0;
  #stopped = false;
  #polling;

  /** @param {{ url: string, onSend: (send: object) => void }} parts */
  constructor(parts) {
    this.parts = parts;
  }

  start() {
    this.#polling = this.#poll();
  }

  async stop() {
    this.#stopped = true;
    await this.#polling;
  }

  async #poll() {
    while (!this.#stopped) {
      await this.look();
      await sleep(POLL_MS);
    }
  }

  async look() {
    const response = await fetch(`${this.parts.url}/simulator/api/sends?since=${this.#last}`);
    const { sends } = await response.json();
    for (const send of sends) {
      this.#last = Math.max(this.#last, send.seq);
      if (send.body?.status === undefined) this.parts.onSend(seen(send));
    }
  }

  async behave(sections) {
    await this.#tell('PUT', 'faults', sections);
  }

  /** One more fault for the next sends; what is left of earlier ones stays. */
  async strike(fault) {
    await this.#tell('POST', 'faults/sends', fault);
  }

  async #tell(method, path, body) {
    const response = await fetch(`${this.parts.url}/simulator/api/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`The simulator refused a fault: ${await response.text()}`);
  }

  /** Statuses that have not been delivered yet. */
  async waiting() {
    const response = await fetch(`${this.parts.url}/simulator/api/webhooks`);
    return response.json();
  }
}
