import { eventually } from '@parley/testing';

/** One bubble on the simulator's phone; `in` is Parley's. */
export interface Bubble {
  id: string;
  direction: 'in' | 'out';
  text: string;
  status?: string;
  buttons?: { id: string; title: string }[];
  list?: { button: string; sections: { rows: { id: string; title: string }[] }[] };
}

/** A customer with the simulator's phone in hand. */
export class Phone {
  constructor(
    private readonly simulatorUrl: string,
    readonly number: string,
  ) {}

  /** Writes a text and returns its wamid. */
  async write(text: string): Promise<string> {
    return this.act({ type: 'text', text });
  }

  /** Does anything else the control API knows. */
  async act(action: Record<string, unknown>): Promise<string> {
    const response = await fetch(`${this.simulatorUrl}/simulator/api/customers/${this.number}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(action),
    });
    if (!response.ok) throw new Error(`The simulator answered ${response.status}: ${await response.text()}`);
    return ((await response.json()) as { id: string }).id;
  }

  async bubbles(): Promise<Bubble[]> {
    const response = await fetch(`${this.simulatorUrl}/simulator/api/customers/${this.number}/chat`);
    if (!response.ok) throw new Error(`The simulator answered ${response.status}`);
    return ((await response.json()) as { messages: Bubble[] }).messages;
  }

  /** What Parley wrote, oldest first. */
  async replies(): Promise<Bubble[]> {
    return (await this.bubbles()).filter(({ direction }) => direction === 'in');
  }

  /** Writes, and waits for the one answer to it. */
  async ask(text: string): Promise<Bubble> {
    return this.answerTo(() => this.write(text));
  }

  /** Taps a reply button or list row, and waits for the answer. */
  async tap(id: string, type: 'button_reply' | 'list_reply' = 'button_reply'): Promise<Bubble> {
    return this.answerTo(() => this.act({ type, id }));
  }

  private async answerTo(act: () => Promise<string>): Promise<Bubble> {
    const before = (await this.replies()).length;
    await act();
    return eventually(
      async () => {
        const bubble = (await this.replies())[before];
        if (!bubble) throw new Error(`No answer on ${this.number}'s phone.`);
        return bubble;
      },
      { timeoutMs: 30_000 },
    );
  }
}

/** Adds a customer to the simulator. */
export async function addCustomer(simulatorUrl: string, phone: string, name: string): Promise<Phone> {
  await fetch(`${simulatorUrl}/simulator/api/customers`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ phone, name }),
  });
  return new Phone(simulatorUrl, phone);
}
