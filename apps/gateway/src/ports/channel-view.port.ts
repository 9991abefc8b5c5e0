import type { SendRow } from '../domain/send.js';

/** What can be asked about sends and numbers. */
export abstract class ChannelView {
  /** Undefined when there is no such send. */
  abstract send(sendId: string): Promise<(SendRow & { updatedAt: Date }) | undefined>;

  /** Why the channels of numbers are stopped, in whichever replica; numbers that run are left out. */
  abstract stoppedReasons(): Promise<Map<string, string>>;
}
