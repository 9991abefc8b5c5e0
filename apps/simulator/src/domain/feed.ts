import type { ChatEntry } from './chat.js';
import type { Customer } from './customers.js';

/** What the phone in the browser is told as it happens. */
export type LiveEvent =
  | { type: 'entry'; waId: string; entry: ChatEntry }
  | { type: 'customer'; customer: Customer }
  | { type: 'typing'; waId: string }
  | { type: 'reset' };

export class Feed {
  private readonly listeners = new Set<(event: LiveEvent) => void>();

  /** Returns the way out. */
  subscribe(listener: (event: LiveEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell(event: LiveEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}
