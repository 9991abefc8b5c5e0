import { Clock } from '../../ports/clock.port.js';

interface Alarm {
  at: number;
  work: () => void;
}

/** Time that passes when it is told to. */
export class ManualClock extends Clock {
  private alarms: Alarm[] = [];

  constructor(private time = Date.UTC(2026, 10, 22, 12)) {
    super();
  }

  override now(): number {
    return this.time;
  }

  override after(ms: number, work: () => void): () => void {
    const alarm = { at: this.time + Math.max(0, ms), work };
    this.alarms.push(alarm);
    return () => {
      this.alarms = this.alarms.filter((other) => other !== alarm);
    };
  }

  /** Lets time pass, ringing what falls due in order; what an alarm starts gets its turn before the next one. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      await settle();
      const [next] = this.alarms.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
      if (!next) break;
      this.time = Math.max(this.time, next.at);
      this.alarms = this.alarms.filter((other) => other !== next);
      next.work();
    }
    this.time = end;
  }
}

/** Lets promises that are already decided run their course. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
