import { profileOf } from '../domain/customer.js';
import type { NewTicket, Ticket } from '../domain/work.js';
import type { Customers } from '../ports/customers.port.js';
import type { Work } from '../ports/work.port.js';
import { owners } from './owners.js';

/** Opens a ticket; whoever asks need not know the customer nor describe them. */
export class OpenTicket {
  constructor(
    private readonly customers: Customers,
    private readonly work: Work,
  ) {}

  /** @throws AppError `IDEMPOTENCY.KEY_REUSED` */
  async run(ticket: NewTicket): Promise<Ticket> {
    const [customer] = await owners(this.customers, [ticket]);
    const customerId = ticket.customerId || (customer?.id ?? '');
    const profile = ticket.profile || profileOf(customer, { ...ticket.contact, profileName: '' });
    return this.work.openTicket({ ...ticket, customerId, profile });
  }
}
