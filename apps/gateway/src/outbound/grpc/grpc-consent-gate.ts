import { consent, type common } from '@parley/contracts';
import { grpcClient } from '@parley/grpc';
import { ConsentGate } from '../../ports/consent-gate.port.js';

/** Asks the consent ledger. */
export class GrpcConsentGate extends ConsentGate {
  readonly #client;

  constructor(address: string) {
    super();
    this.#client = grpcClient(consent.ConsentServiceClient, address, { deadlineMs: 2000 });
  }

  async allows(contact: common.WhatsAppIdentity, purpose: 'marketing' | 'utility'): Promise<boolean> {
    const { allowed } = await this.#client.check({ contact, purpose });
    return allowed;
  }

  close(): void {
    this.#client.close();
  }
}
