import { OPERATIONS, unsupported, type Capabilities } from '../../domain/capabilities.js';
import type { CustomerLookup } from '../../domain/customer-lookup.js';
import { Connector } from '../../ports/connector.port.js';
import type { InMemoryState } from './in-memory-state.js';

export class InMemoryConnector extends Connector {
  constructor(private readonly state: InMemoryState) {
    super();
  }

  capabilities(): Capabilities {
    const native = Object.fromEntries(OPERATIONS.map((operation) => [operation, 'native' as const]));
    return { ...native, findCustomer: 'emulated', getShipments: 'emulated', getInvoicePdf: 'unsupported' };
  }

  async findCustomer({ phone, email, ref }: CustomerLookup): Promise<string[]> {
    if (phone !== '' || email !== '') throw unsupported('findCustomer by phone or e-mail address');
    const all = [...this.state.orders.values(), ...this.state.invoices.values()];
    return ref !== '' && all.some(({ customerId }) => customerId === ref) ? [ref] : [];
  }
}
