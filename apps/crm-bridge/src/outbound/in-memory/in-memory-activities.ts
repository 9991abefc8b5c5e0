import type { Activity, NewActivity } from '../../domain/activity.js';
import type { Contact } from '../../domain/customer.js';
import { Activities } from '../../ports/activities.port.js';
import type { InMemoryState } from './in-memory-state.js';

export class InMemoryActivities extends Activities {
  constructor(private readonly state: InMemoryState) {
    super();
  }

  async log(activity: NewActivity): Promise<boolean> {
    if (this.state.activities.has(activity.dedupeKey)) return false;
    this.state.activities.set(activity.dedupeKey, structuredClone(activity));
    return true;
  }

  async list(contact: Contact, limit: number): Promise<Activity[]> {
    const keys = new Set(this.state.keys(contact));
    return [...this.state.activities.values()]
      .filter((one) => this.state.keys(one.contact).some((key) => keys.has(key)))
      .sort((a, b) => a.at.getTime() - b.at.getTime())
      .slice(-limit)
      .map(({ kind, body, at }) => ({ kind, body, at }));
  }
}
