import { placeOf, type ChangePage } from '../../domain/change.js';
import { Changes } from '../../ports/changes.port.js';
import type { InMemoryState } from './in-memory-state.js';

/** Changes in the order in which they were made; a cursor counts those before it. */
export class InMemoryChanges extends Changes {
  constructor(private readonly state: InMemoryState) {
    super();
  }

  async poll(cursor: string, limit: number): Promise<ChangePage> {
    const from = Number(placeOf(cursor)[1]);
    const changes = this.state.changes.slice(from, from + limit).map((change) => ({ ...change }));
    return { changes, cursor: changes.length === 0 ? cursor : `1.${from + changes.length}` };
  }
}
