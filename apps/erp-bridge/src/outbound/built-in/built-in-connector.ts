import type { Database } from '@parley/postgres';
import { OPERATIONS, unsupported, type Capabilities } from '../../domain/capabilities.js';
import type { CustomerLookup } from '../../domain/customer-lookup.js';
import { Connector } from '../../ports/connector.port.js';

const KNOWN = `select $1::text as id where $1 <> '' and (exists (select from orders where customer_id = $1)
  or exists (select from invoices where customer_id = $1))`;

/** What the built-in ERP can do: customers are the CRM's, so it knows them by their id there, and it prints nothing. */
export const BUILT_IN: Capabilities = {
  ...Object.fromEntries(OPERATIONS.map((operation) => [operation, 'native'])),
  findCustomer: 'emulated',
  getShipments: 'emulated',
  getInvoicePdf: 'unsupported',
};

/** The ERP in Postgres. */
export class BuiltInConnector extends Connector {
  constructor(private readonly db: Database) {
    super();
  }

  capabilities(): Capabilities {
    return BUILT_IN;
  }

  async findCustomer({ phone, email, ref }: CustomerLookup): Promise<string[]> {
    if (phone !== '' || email !== '') throw unsupported('findCustomer by phone or e-mail address');
    return (await this.db.query<{ id: string }>(KNOWN, [ref])).map(({ id }) => id);
  }
}
