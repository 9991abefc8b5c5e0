import type { channel } from '@parley/contracts';
import { sendNotFound } from '../domain/errors.js';
import type { ChannelView } from '../ports/channel-view.port.js';
import type { NumberRate } from './number-rate.js';

/** Answers what became of a send, and how the numbers are doing. */
export class ShowChannel {
  constructor(
    private readonly view: ChannelView,
    private readonly rates: ReadonlyMap<string, NumberRate>,
  ) {}

  /** @throws AppError NOT_FOUND `SEND.NOT_FOUND` */
  async send(sendId: string): Promise<channel.GetSendResponse> {
    const found = await this.view.send(sendId);
    if (!found) throw sendNotFound();
    const { messageId, state, status, reason, attempts, updatedAt } = found;
    return { sendId, messageId, state, status, reason, attempts, updatedAt };
  }

  async numbers(): Promise<channel.ListNumbersResponse> {
    const elsewhere = await this.view.stoppedReasons();
    const numbers = [...this.rates.values()].map(({ phoneNumberId, perSecond, stoppedReason }) => ({
      phoneNumberId,
      messagesPerSecond: perSecond,
      stoppedReason: stoppedReason || (elsewhere.get(phoneNumberId) ?? ''),
    }));
    return { numbers };
  }
}
