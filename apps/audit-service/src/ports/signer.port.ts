import type { Seal } from '../domain/signed.js';

/** Signs what the service vouches for, and checks what it or its predecessors signed. */
export abstract class Signer {
  /** The public key as PEM, and the name under which signatures refer to it. */
  abstract readonly publicKey: string;
  abstract readonly keyId: string;

  abstract sign(text: string): Seal;

  /** False also for a key that is not among those trusted. */
  abstract verifies(text: string, seal: Seal): boolean;
}
