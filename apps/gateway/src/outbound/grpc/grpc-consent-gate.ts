import { consent, type common } from '@parley/contracts';
import { grpcClient, type GrpcTls } from '@parley/grpc';
import { ConsentGate } from '../../ports/consent-gate.port.js';

/** Asks the consent ledger. */
export class GrpcConsentGate extends ConsentGate {
  readonly #client;

  constructor(address: string, tls?: GrpcTls) {
    super();
    this.#client = grpcClient(consent.ConsentServiceClient, address, {
      deadlineMs: 2000,
      tls,
      server: 'consent-service',
    });
  }

  async allows(contact: common.WhatsAppIdentity, purpose: 'marketing' | 'utility'): Promise<boolean> {
    const { allowed } = await this.#client.check({ contact, purpose });
    return allowed;
  }

  close(): void {
    this.#client.close();
  }
}
