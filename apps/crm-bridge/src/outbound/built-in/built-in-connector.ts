import { OPERATIONS, type Capabilities } from '../../domain/capabilities.js';
import { Connector } from '../../ports/connector.port.js';

/** The built-in CRM does everything itself, but what a customer is worth: it counts no orders and repeats what it was told. */
const BUILT_IN: Capabilities = {
  ...Object.fromEntries(OPERATIONS.map((operation) => [operation, 'native'])),
  getCustomerValue: 'emulated',
};

/** The CRM in Postgres. */
export class BuiltInConnector extends Connector {
  capabilities(): Capabilities {
    return BUILT_IN;
  }
}
