import type { Contact, Customer } from '../domain/customer.js';
import type { Customers } from '../ports/customers.port.js';

/** The customer each thing belongs to, in one look-up: by id, else by contact; undefined for nobody and for several. */
export async function owners(
  customers: Customers,
  things: readonly { customerId: string; contact: Contact }[],
): Promise<(Customer | undefined)[]> {
  const lookups = things.map(({ customerId, contact }) => ({ id: customerId, email: '', ...contact }));
  const found = lookups.length === 0 ? [] : await customers.find(lookups);
  return found.map(([only, ...others]) => (others.length === 0 ? only : undefined));
}
