import { dayOf } from '../domain/chain.js';
import { retiredText, type RetiredDay } from '../domain/signed.js';
import type { Clock } from '../ports/clock.port.js';
import type { Heads } from '../ports/heads.port.js';
import type { Signer } from '../ports/signer.port.js';
import type { RecordOwn } from './record-own.js';

const DAY_MS = 86_400_000;

/** Removes the entries of days whose time is over, whole days only, and never one that is not signed. */
export class RetireDays {
  constructor(
    private readonly heads: Heads,
    private readonly signer: Signer,
    private readonly own: RecordOwn,
    private readonly clock: Clock,
    private readonly keepDays: number,
  ) {}

  async run(): Promise<RetiredDay[]> {
    const now = this.clock.now();
    const before = dayOf(new Date(now.getTime() - this.keepDays * DAY_MS));
    const retired: RetiredDay[] = [];
    for (const { day, chains, entries } of await this.heads.unretiredDays(before)) {
      const unsigned = { day, chains, entries, retiredAt: now };
      const whole = { ...unsigned, ...this.signer.sign(retiredText(unsigned)) };
      if (!(await this.heads.retire(whole))) continue;
      const metadata = { day, chains, entries: String(entries), keepDays: this.keepDays };
      await this.own.run({ id: `retired/${day}`, action: 'day_retired', metadata });
      retired.push(whole);
    }
    return retired;
  }
}
