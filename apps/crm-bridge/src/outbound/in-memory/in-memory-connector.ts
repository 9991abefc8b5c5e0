import { OPERATIONS, type Capabilities } from '../../domain/capabilities.js';
import { Connector } from '../../ports/connector.port.js';

export class InMemoryConnector extends Connector {
  capabilities(): Capabilities {
    const native = Object.fromEntries(OPERATIONS.map((operation) => [operation, 'native' as const]));
    return { ...native, getCustomerValue: 'emulated' };
  }
}
