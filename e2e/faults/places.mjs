// The named places of the code: which of them a run arms, and what became of each.
import { setTimeout as sleep } from 'node:timers/promises';
import { arm, disarm, fired, placesOn } from './arming.mjs';

/** A place nobody has passed by then stays armed while the run goes on; at the end it counts as not reached. */
const FIRES_WITHIN_MS = 6000;

/** Places where the ERP is late, refuses for the moment, or fails after its commit: for a while each, besides the kills. */
export const ERP_TROUBLES = [
  { name: 'ERP answers late', place: 'erp-bridge.write.received', plan: { action: 'delay', ms: 2500, times: 4 } },
  { name: 'ERP answers late', place: 'erp-bridge.read.answering', plan: { action: 'delay', ms: 2500, times: 4 } },
  {
    name: 'ERP fails after commit',
    place: 'erp-bridge.write.committed',
    plan: { action: 'fail', times: 3, error: { code: 'UNAVAILABLE', reason: 'FAULT.AFTER_COMMIT' } },
  },
  {
    name: 'ERP answers 429',
    place: 'erp-bridge.write.received',
    plan: {
      action: 'fail',
      times: 3,
      error: { code: 'RESOURCE_EXHAUSTED', reason: 'FAULT.TOO_MANY', retryable: true },
    },
  },
  {
    name: 'ERP answers 429',
    place: 'erp-bridge.read.answering',
    plan: {
      action: 'fail',
      times: 3,
      error: { code: 'RESOURCE_EXHAUSTED', reason: 'FAULT.TOO_MANY', retryable: true },
    },
  },
];

export class Places {
  /** @param {string} dir PARLEY_FAULTS_DIR of the system */
  constructor(dir, bus) {
    this.dir = dir;
    this.all = placesOn(bus);
  }

  /** Kills whoever passes a place next; resolves when it has struck, or later on its own. */
  async strike({ place, nth }) {
    const app = this.#appOf(place);
    const before = this.#strikes(place);
    arm(this.dir, app, place, { action: 'kill', after: nth - 1 });
    const limit = Date.now() + FIRES_WITHIN_MS;
    while (Date.now() < limit) {
      if (this.#strikes(place) > before) return { app, fired: true };
      await sleep(40);
    }
    return { app, fired: false };
  }

  /** Arms one place for the next passage. */
  arm(place) {
    arm(this.dir, this.#appOf(place), place, { action: 'kill' });
  }

  disarmOne(place) {
    disarm(this.dir, this.#appOf(place), place);
  }

  hasFired(place) {
    return this.#strikes(place) > 0;
  }

  /** While it is on, no message can be handled: for a customer who is alone with the system. */
  poison(on) {
    const place = 'conversation-service.message.understood';
    const error = { code: 'INTERNAL', reason: 'FAULT.POISON', retryable: false };
    if (on) arm(this.dir, 'conversation-service', place, { action: 'fail', times: 0, error });
    else disarm(this.dir, 'conversation-service', place);
  }

  #appOf(place) {
    return this.all.find((one) => one.place === place).app;
  }

  /** Makes the ERP late, busy or forgetful for a while. */
  trouble({ place, plan }) {
    arm(this.dir, this.#appOf(place), place, plan);
  }

  #strikes(place) {
    return fired(this.dir).filter((strike) => strike.place === place && strike.action === 'kill').length;
  }

  /** Takes away what is still armed. */
  disarm() {
    for (const { app, place } of this.all) disarm(this.dir, app, place);
  }

  /** @returns {{ killed: string[], notReached: string[], strikes: object[] }} */
  outcome(wanted) {
    const strikes = fired(this.dir);
    const killed = new Set(strikes.filter(({ action }) => action === 'kill').map(({ place }) => place));
    return { killed: [...killed].sort(), notReached: wanted.filter((place) => !killed.has(place)), strikes };
  }
}
