import { OPERATIONS, type Capabilities } from '../../domain/capabilities.js';
import { Connector } from '../../ports/connector.port.js';

/** The built-in CRM does everything itself. */
export class BuiltInConnector extends Connector {
  capabilities(): Capabilities {
    return Object.fromEntries(OPERATIONS.map((operation) => [operation, 'native']));
  }
}
