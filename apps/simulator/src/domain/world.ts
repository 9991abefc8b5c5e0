import { Chats } from './chat.js';
import { Customers } from './customers.js';
import { Faults, type BehaviourInput } from './faults.js';
import { Feed } from './feed.js';
import { SendRates } from './limits.js';
import { MediaLibrary } from './media.js';
import { Random } from './random.js';
import { SendLog } from './sends.js';
import type { AcceptedSend } from './statuses.js';
import { Templates } from './templates.js';
import type { Business } from './webhook-envelope.js';

/** All that the simulated Meta knows; in memory, bounded, gone with the process. */
export class World {
  readonly customers = new Customers();
  readonly chats = new Chats();
  readonly sends = new SendLog();
  readonly templates = new Templates();
  readonly media = new MediaLibrary();
  readonly rates = new SendRates();
  readonly feed = new Feed();
  readonly faults: Faults;
  readonly random: Random;
  /** Grows with each reset, so that what was scheduled before knows that it is over. */
  epoch = 0;

  constructor(
    readonly business: Business,
    options: { seed: number; behaviour?: BehaviourInput },
  ) {
    this.faults = new Faults(options.behaviour);
    this.random = new Random(options.seed);
  }

  /** Back to how the process began. Message ids go on being new ones. */
  reset(): void {
    this.epoch += 1;
    this.customers.reset();
    this.chats.clear();
    this.sends.clear();
    this.templates.reset();
    this.media.clear();
    this.rates.clear();
    this.faults.reset();
    this.random.restart();
    this.feed.tell({ type: 'reset' });
  }

  /** Whether webhooks about this person come without the phone number, this time. */
  hidesPhone(customer: AcceptedSend['customer']): boolean {
    const { hide_phones: all, hide_phones_probability: share } = this.faults.behaviour.webhooks;
    return Boolean(customer?.hidePhone) || all || this.random.chance(share);
  }
}
