import type { consent } from '@parley/contracts';
import type { Promised } from '@parley/grpc';
import { Consent, type ConsentEntry } from '../../ports/consent.port.js';

/** The consent service over gRPC. */
export class GrpcConsent extends Consent {
  constructor(private readonly client: Promised<consent.ConsentServiceClient>) {
    super();
  }

  override record({ contact, purpose, granted, at, evidence }: ConsentEntry): ReturnType<Consent['record']> {
    return this.client.record({
      contact,
      purpose,
      granted,
      at,
      source: 'flow',
      evidenceRef: evidence,
      // The words are read elsewhere too, under the same key: one entry.
      idempotencyKey: evidence,
    });
  }
}
