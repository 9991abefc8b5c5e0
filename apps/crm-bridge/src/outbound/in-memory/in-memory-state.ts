import type { NewActivity } from '../../domain/activity.js';
import { canonicalJson } from '../../domain/canonical.js';
import type { Change } from '../../domain/change.js';
import { marketingOf, overrules, type ConsentChange } from '../../domain/consent.js';
import type { Contact, Customer, CustomerData } from '../../domain/customer.js';
import type { NewEntry } from '../../domain/conversation.js';
import { keyMissing, keyReused } from '../../domain/errors.js';
import { canonicalPhone } from '../../domain/phone.js';
import type { NewLead, Task, Ticket } from '../../domain/work.js';

/** A ticket, whose it is, what was added to it, and whether its customer was erased. */
interface KeptTicket {
  ticket: Ticket;
  contact: Contact;
  added?: Set<string>;
  erased?: true;
}

/** What the in-memory adapters share: a whole small CRM. */
export class InMemoryState {
  readonly customers = new Map<string, CustomerData>();
  readonly prints = new Map<string, string>();
  readonly entries = new Map<string, NewEntry>();
  readonly wamids = new Map<string, string>();
  readonly tickets = new Map<string, KeptTicket>();
  readonly tasks = new Map<string, { task: Task; contact: Contact }>();
  readonly leads = new Map<string, NewLead>();
  readonly activities = new Map<string, NewActivity>();
  changes: Change[] = [];
  readonly seen = new Set<string>();
  readonly erased = new Map<string, Date>();
  readonly #flags = new Map<string, ConsentChange>();
  readonly #answers = new Map<string, { request: string; answer: string }>();

  constructor(readonly now: () => Date) {}

  /** Notes that something is new or different. */
  changed(kind: Change['kind'], id: string): void {
    this.changes.push({ kind, id, at: this.now() });
  }

  /** Does `effect` once per key; another request under the key is refused. */
  once(operation: string, key: string, request: unknown, effect: () => string): string {
    if (key === '') throw keyMissing();
    const print = canonicalJson({ operation, request });
    const known = this.#answers.get(key);
    if (known && known.request !== print) throw keyReused();
    if (known) return known.answer;
    const answer = effect();
    this.#answers.set(key, { request: print, answer });
    return answer;
  }

  /** What a contact is compared by. */
  keys({ phone, whatsappUserId }: Contact): string[] {
    const digits = canonicalPhone(phone);
    return [
      ...(digits === '' ? [] : [`phone ${digits}`]),
      ...(whatsappUserId === '' ? [] : [`user ${whatsappUserId}`]),
    ];
  }

  /** Customers who share a key with a contact. */
  belonging(contact: Contact): CustomerData[] {
    const keys = this.keys(contact);
    return [...this.customers.values()].filter((customer) => this.keys(customer).some((key) => keys.includes(key)));
  }

  /** The one customer of a contact; empty for none and for several. */
  matched(contact: Contact): string {
    const [only, ...others] = this.belonging(contact);
    return only && others.length === 0 ? only.id : '';
  }

  /** Notes an erasure, and drops what the person had agreed to; an opt-out stays. */
  erase(key: string, at: Date): void {
    this.erased.set(key, at);
    for (const [name, { granted }] of this.#flags) if (granted && name.startsWith(`${key} `)) this.#flags.delete(name);
  }

  setFlag(change: ConsentChange): number {
    const changed = this.keys(change.contact).filter((key) => {
      const name = `${key} ${change.purpose}`;
      if (!overrules(change, this.#flags.get(name))) return false;
      this.#flags.set(name, change);
      return true;
    });
    return changed.length === 0 ? 0 : this.belonging(change.contact).length;
  }

  /** What was said last with a contact about a purpose. */
  said(contact: Contact, purpose: string): ConsentChange | undefined {
    const words = this.keys(contact).map((key) => this.#flags.get(`${key} ${purpose}`));
    return words.reduce((last, one) => (one && overrules(one, last) ? one : last), undefined);
  }

  shown(customer: CustomerData): Customer {
    const keys = this.keys(customer);
    const said = [...this.#flags].filter(([name]) => keys.some((key) => name.startsWith(`${key} `)));
    const whatsappMarketing = marketingOf(said.map(([, change]) => change));
    return { ...structuredClone(customer), ...(whatsappMarketing === undefined ? {} : { whatsappMarketing }) };
  }
}
