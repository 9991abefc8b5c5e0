import type { Capabilities } from '../domain/capabilities.js';

/** The system behind the ports. */
export abstract class Connector {
  /** How it does each operation; what is `unsupported` fails with `CONNECTOR.UNSUPPORTED`. */
  abstract capabilities(): Capabilities;
}
