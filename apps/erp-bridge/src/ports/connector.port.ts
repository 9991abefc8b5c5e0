import type { Capabilities } from '../domain/capabilities.js';
import type { CustomerLookup } from '../domain/customer-lookup.js';

/** The system behind the ports, and whom it knows. */
export abstract class Connector {
  /** How it does each operation; what is `unsupported` fails with `CONNECTOR.UNSUPPORTED`. */
  abstract capabilities(): Capabilities;

  /**
   * Ids of the customers it has something for, by all that is given: none, one or several, never one picked of several.
   * @throws AppError `CONNECTOR.UNSUPPORTED` for a way of finding that it has not
   */
  abstract findCustomer(lookup: CustomerLookup): Promise<string[]>;
}
