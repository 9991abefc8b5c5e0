import type { crm } from '@parley/contracts';
import type { Promised } from '@parley/grpc';
import type { CustomerView } from '../../domain/turn.js';
import { Customers, type CustomerLookup } from '../../ports/customers.port.js';

/** The CRM bridge over gRPC: one call for all look-ups. */
export class GrpcCustomers extends Customers {
  constructor(private readonly client: Promised<crm.CrmServiceClient>) {
    super();
  }

  override async find(lookups: readonly CustomerLookup[]): Promise<CustomerView[][]> {
    const { results } = await this.client.findCustomers({
      lookups: lookups.map(({ id = '', userId = '', phone = '', email = '' }) => ({
        id,
        whatsappUserId: userId,
        phone,
        email,
      })),
    });
    return results.map(({ customers }) => customers.map(viewOf));
  }
}

function viewOf({ id, name, phone, email, language, timeZone, tier, tags }: crm.Customer): CustomerView {
  const known = { phone: phone || null, email: email || null, language: language || null };
  return { id, name, ...known, timeZone: timeZone || null, tier: tier || null, tags };
}
