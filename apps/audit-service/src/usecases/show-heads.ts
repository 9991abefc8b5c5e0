import { dayOf } from '../domain/chain.js';
import { badDay } from '../domain/errors.js';
import type { SignedHead } from '../domain/signed.js';
import type { Clock } from '../ports/clock.port.js';
import type { Heads } from '../ports/heads.port.js';
import type { Trail } from '../ports/trail.port.js';
import type { SignDays } from './sign-days.js';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Signed heads: of days that are over as they are stored, of today as of now. */
export class ShowHeads {
  constructor(
    private readonly trail: Trail,
    private readonly heads: Heads,
    private readonly sign: SignDays,
    private readonly clock: Clock,
  ) {}

  /** Of one day; without one, of the last day that is signed and of today. */
  async run(day: string): Promise<SignedHead[]> {
    if (day !== '' && !DAY.test(day)) throw badDay();
    const { heads, days } = await this.heads.signatures();
    const stored = heads.filter(({ chain }) => chain.startsWith(day || (days.at(-1)?.day ?? '-')));
    const today = dayOf(this.clock.now());
    if (day !== '' && day !== today) return stored;
    const current = [...(await this.trail.heads())].filter(([chain]) => chain.startsWith(today));
    return [...stored, ...(await this.sign.now(new Map(current)))];
  }
}
