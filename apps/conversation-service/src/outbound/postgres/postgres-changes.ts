import type { Database } from '@parley/postgres';
import { Changes } from '../../ports/changes.port.js';

/** Channel on which the commit of a conversation is announced to every replica; the payload is ids joined by commas. */
export const CHANGED_CHANNEL = 'conversation_changed';
/** How long changes come together before they are announced: agents do not see a tenth of a second, the database does. */
export const CHANGED_MS = 100;

/** Changes by LISTEN on the service's database: one connection for all watchers of this process. */
export class PostgresChanges extends Changes {
  private readonly listeners = new Set<(conversationId: string) => void>();
  private listening: { close(): Promise<void> } | undefined;

  constructor(private readonly db: Database) {
    super();
  }

  async start(): Promise<void> {
    this.listening = await this.db.listen(CHANGED_CHANNEL, (payload) => {
      for (const id of payload.split(',')) for (const onChange of this.listeners) onChange(id);
    });
  }

  override subscribe(onChange: (conversationId: string) => void): () => void {
    this.listeners.add(onChange);
    return () => this.listeners.delete(onChange);
  }

  async close(): Promise<void> {
    await this.listening?.close();
  }
}
