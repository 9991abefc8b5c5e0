import { Changes } from '../../ports/changes.port.js';

/** Changes told by hand. */
export class InMemoryChanges extends Changes {
  private readonly listeners = new Set<(conversationId: string) => void>();

  override subscribe(onChange: (conversationId: string) => void): () => void {
    this.listeners.add(onChange);
    return () => this.listeners.delete(onChange);
  }

  tell(conversationId: string): void {
    for (const listener of this.listeners) listener(conversationId);
  }
}
