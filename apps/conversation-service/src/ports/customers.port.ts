import type { CustomerView } from '../domain/turn.js';

/** What is known of somebody; the first part that finds exactly one customer decides, in the order of the fields. */
export interface CustomerLookup {
  id?: string;
  userId?: string;
  phone?: string;
  email?: string;
}

/** Customers as the CRM knows them. */
export abstract class Customers {
  /**
   * All matches per look-up, in order; nobody is ever picked out of several.
   * @throws AppError retryable when the bridge is away; UNAVAILABLE `CRM.UNAVAILABLE` when the CRM behind it is
   */
  abstract find(lookups: readonly CustomerLookup[]): Promise<CustomerView[][]>;
}
