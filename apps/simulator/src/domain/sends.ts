import type { JsonObject } from './json.js';
import { Ring } from './ring.js';

/** How a Graph POST ended, seen from Meta's side: `accepted` says whether the message went out, whatever was answered. */
export interface SendResult {
  kind: 'accepted' | 'read' | 'error' | 'http_error' | 'timeout' | 'reset';
  accepted: boolean;
  http_status?: number;
  code?: number;
  wamid?: string;
  delay_ms?: number;
}

export interface SendRecord {
  seq: number;
  /** RFC 3339. */
  at: string;
  phone_number_id: string;
  headers: Record<string, string>;
  body: unknown;
  result: SendResult;
}

const KEPT = 10_000;

/** Every POST to `/messages`, newest kept. */
export class SendLog {
  private readonly ring = new Ring<SendRecord>(KEPT);
  private seq = 0;

  add(record: Omit<SendRecord, 'seq'>): SendRecord {
    this.seq += 1;
    const stored = { seq: this.seq, ...record };
    this.ring.push(stored);
    return stored;
  }

  /** After a sequence number, or from a point in time on. */
  since(since?: number | string): { sends: readonly SendRecord[]; last: number } {
    const all = this.ring.list();
    const sends = all.filter((record) => {
      if (since === undefined) return true;
      return typeof since === 'number' ? record.seq > since : record.at >= since;
    });
    return { sends, last: this.seq };
  }

  clear(): void {
    this.ring.clear();
  }
}

export function withoutToken(headers: Readonly<JsonObject>): Record<string, string> {
  const shown = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization');
  return Object.fromEntries(
    shown.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]),
  );
}
