import type { JsonObject } from './json.js';
import { Ring } from './ring.js';

export type Tick = 'pending' | 'sent' | 'delivered' | 'read' | 'failed';
// Higher wins: ticks never go back, whatever order reports arrive in.
const TICK_RANK: Record<Tick, number> = { pending: 0, sent: 1, failed: 2, delivered: 3, read: 4 };

/** What a phone shows of one message, whoever wrote it. */
export interface ChatContent {
  type: string;
  text?: string;
  header?: { text?: string; media?: string };
  footer?: string;
  buttons?: { id: string; title: string; kind: 'reply' | 'template' | 'link'; url?: string }[];
  list?: { button: string; sections: { title: string; rows: { id: string; title: string; description?: string }[] }[] };
  media?: { kind: string; id?: string; link?: string; filename?: string };
  location?: { latitude: number; longitude: number; name?: string; address?: string };
  reaction?: { message_id: string; emoji: string };
  template?: { name: string; language: string };
}

export interface ChatEntry extends ChatContent {
  id: string;
  /** Seen from the phone: `in` is the business's message, `out` the customer's own. */
  direction: 'in' | 'out';
  /** RFC 3339. */
  at: string;
  status: Tick;
  reply_to?: string;
  errors?: JsonObject[];
  biz_opaque_callback_data?: string;
}

const ENTRIES_PER_CHAT = 500;
const MAX_CHATS = 20_000;

/** The conversations as the customers' phones show them, and when each customer last wrote. */
export class Chats {
  private readonly byWaId = new Map<string, Ring<ChatEntry>>();
  private readonly lastWrote = new Map<string, number>();
  private readonly owners = new Map<string, string>();

  add(waId: string, entry: ChatEntry): void {
    let chat = this.byWaId.get(waId);
    if (!chat) {
      if (this.byWaId.size >= MAX_CHATS) this.byWaId.delete(this.byWaId.keys().next().value ?? '');
      chat = new Ring<ChatEntry>(ENTRIES_PER_CHAT);
      this.byWaId.set(waId, chat);
    }
    chat.push(entry);
    this.owners.set(entry.id, waId);
    if (this.owners.size > MAX_CHATS * 10) this.owners.delete(this.owners.keys().next().value ?? '');
  }

  /** Whose phone a message is on. */
  ownerOf(id: string): string | undefined {
    return this.owners.get(id);
  }

  list(waId: string): readonly ChatEntry[] {
    return this.byWaId.get(waId)?.list() ?? [];
  }

  find(waId: string, id: string): ChatEntry | undefined {
    return this.list(waId).findLast((entry) => entry.id === id);
  }

  /** Moves an entry's tick forward; the entry when that changed anything. */
  tick(waId: string, id: string, status: Tick, errors?: JsonObject[]): ChatEntry | undefined {
    const entry = this.find(waId, id);
    if (!entry || TICK_RANK[status] <= TICK_RANK[entry.status]) return undefined;
    entry.status = status;
    if (errors) entry.errors = errors;
    return entry;
  }

  /** The business has read this message and all that came before it. */
  markReadUpTo(waId: string, id: string): ChatEntry[] {
    const entries = this.list(waId).filter((entry) => entry.direction === 'out');
    const last = entries.findIndex((entry) => entry.id === id);
    return entries.slice(0, last + 1).flatMap((entry) => this.tick(waId, entry.id, 'read') ?? []);
  }

  openWindow(waId: string, at: number): void {
    this.lastWrote.delete(waId);
    this.lastWrote.set(waId, at);
    if (this.lastWrote.size > MAX_CHATS * 10) this.lastWrote.delete(this.lastWrote.keys().next().value ?? '');
  }

  closeWindow(waId: string): void {
    this.lastWrote.delete(waId);
  }

  lastWroteAt(waId: string): number | undefined {
    return this.lastWrote.get(waId);
  }

  clear(): void {
    this.byWaId.clear();
    this.lastWrote.clear();
    this.owners.clear();
  }
}
