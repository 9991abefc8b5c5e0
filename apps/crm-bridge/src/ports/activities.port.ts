import type { Activity, NewActivity } from '../domain/activity.js';
import type { Contact } from '../domain/customer.js';

/** What happened with customers besides messages. */
export abstract class Activities {
  /** Writes an activity down, once per key; whether it was new. */
  abstract log(activity: NewActivity): Promise<boolean>;

  /** The latest `limit` with a contact, oldest first. */
  abstract list(contact: Contact, limit: number): Promise<Activity[]>;
}
