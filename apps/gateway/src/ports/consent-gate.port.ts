import type { common } from '@parley/contracts';

/** Answers whether a business-initiated message may go to somebody now. */
export abstract class ConsentGate {
  /**
   * Asked right before each business-initiated send, never remembered.
   * @throws AppError when there is no answer; then nothing is sent
   */
  abstract allows(contact: common.WhatsAppIdentity, purpose: 'marketing' | 'utility'): Promise<boolean>;
}
