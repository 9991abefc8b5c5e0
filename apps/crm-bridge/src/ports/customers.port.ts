import type { ConsentChange, ConsentWord } from '../domain/consent.js';
import type { Contact, Customer, CustomerData, CustomerValue } from '../domain/customer.js';

/**
 * One look-up. With an `id` it alone decides. Otherwise the WhatsApp user id decides when the CRM knows it, else the phone
 * (compared in the form of `canonicalPhone`); an e-mail address decides only when it is all that is given, since nobody
 * has proved that it is theirs. Empty texts are not given.
 */
export interface Lookup {
  id: string;
  whatsappUserId: string;
  phone: string;
  email: string;
}

export interface Written {
  written: number;
  unchanged: number;
}

/** Customers of the CRM. */
export abstract class Customers {
  /** Per look-up, in its order: nobody, one or several, never one picked of several; a number written exactly so comes first. */
  abstract find(lookups: readonly Lookup[]): Promise<Customer[][]>;

  /**
   * Creates a customer (without an id), or changes one: what the patch leaves empty stays.
   * @throws AppError `CUSTOMER.NOT_FOUND`, `IDEMPOTENCY.KEY_REUSED`
   */
  abstract upsert(patch: CustomerData, idempotencyKey: string): Promise<Customer>;

  /** Writes rows by their id, all or nothing. A row that says what the last load said is left alone. */
  abstract load(customers: readonly CustomerData[]): Promise<Written>;

  /** Sets a flag on a contact, for customers of now and later; returns how many have it now. What was said earlier changes nothing. */
  abstract setConsent(change: ConsentChange): Promise<number>;

  /** What was said last with this contact about a purpose itself; undefined for nothing. */
  abstract consent(contact: Contact, purpose: string): Promise<ConsentWord | undefined>;

  /** @throws AppError `CUSTOMER.NOT_FOUND` */
  abstract value(id: string): Promise<CustomerValue>;
}
