import { createHmac, randomUUID } from 'node:crypto';
import type { System } from '../system.js';
import { digestNeedle, makePerson, needlesOf, type Person } from './cast.js';
import type { HostileGraph } from './hostile-graph.js';
import type { Needle } from './needle.js';
import type { Place } from './places.js';

const NUMBER_ID = '106540352242922';

/** One message of a webhook, or a status: what stands inside `messages` or `statuses`. */
export type Item = Record<string, unknown>;

/** What a part of the run has done and seen; everything it records is scanned at the end. */
export class Stage {
  readonly places: Place[] = [];
  readonly needles: Needle[] = [];
  /** What was pushed through, and how often. */
  readonly exercised = new Map<string, number>();
  #people = 0;

  constructor(
    readonly system: System,
    readonly graph: HostileGraph,
    readonly settings: Readonly<Record<string, string>>,
  ) {}

  /** Somebody new, whose data must be found nowhere. */
  person(): Person {
    const person = makePerson();
    this.#people += 1;
    this.needles.push(...needlesOf(person, `person ${this.#people}`));
    return person;
  }

  did(path: string): void {
    this.exercised.set(path, (this.exercised.get(path) ?? 0) + 1);
  }

  record(kind: string, name: string, text: string | Buffer): void {
    this.places.push({ kind, name, bytes: Buffer.from(text) });
  }

  /** A request whose answer is looked at whole when it is a refusal, and by its headers when it is not. */
  async http(path: string, url: string, init: RequestInit = {}): Promise<Response & { said: string }> {
    this.did(path);
    const response = await fetch(url, init);
    const said = await response.text();
    const headers = [...response.headers].filter(([name]) => name !== 'set-cookie');
    const body = response.ok ? '' : said;
    this.record('HTTP answers', `${path} ${response.status}`, `${JSON.stringify(headers)}\n${body}`);
    return Object.assign(response, { said });
  }

  /** Posts a body to the webhook, signed with the right secret; the signature is a secret from then on. */
  async post(path: string, body: string | Buffer, headers?: Record<string, string>): Promise<number> {
    const digest = createHmac('sha256', this.settings['WHATSAPP_APP_SECRET'] ?? '')
      .update(body)
      .digest('hex');
    this.needles.push(digestNeedle(`signature of "${path}"`, digest));
    const { status } = await this.http(path, `${this.system.gatewayUrl}/webhooks/whatsapp`, {
      method: 'POST',
      headers: headers ?? { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${digest}` },
      body: new Uint8Array(Buffer.from(body)),
    });
    return status;
  }

  /** A webhook about a person, as Meta writes it: everything beyond ASCII escaped. */
  envelope(person: Person, part: Item, more: { field?: string; number?: string } = {}): string {
    const value = {
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: '15550783881', phone_number_id: more.number ?? NUMBER_ID },
      contacts: [{ profile: { name: person.name }, wa_id: person.waId, user_id: person.userId }],
      ...part,
    };
    const entry = [{ id: '102290129340398', changes: [{ field: more.field ?? 'messages', value }] }];
    return JSON.stringify({ object: 'whatsapp_business_account', entry }).replaceAll(
      /[^\x20-\x7e]/g,
      (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  }

  /** A message of a person's, with an id that says nothing. */
  message(person: Person, part: Item, id = `wamid.${randomUUID()}`): Item {
    const from = { from: person.waId, from_user_id: person.userId };
    return { ...from, id, timestamp: String(Math.floor(Date.now() / 1000)), ...part };
  }

  /** Writes a text as a person would. */
  async write(path: string, person: Person, body: string): Promise<number> {
    const message = this.message(person, { type: 'text', text: { body } });
    return this.post(path, this.envelope(person, { messages: [message] }));
  }

  /** How many messages have been sent to a person. */
  sendsTo(person: Person): number {
    return this.graph.sends.filter((body) => body.includes(person.phone)).length;
  }
}
