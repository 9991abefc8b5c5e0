// Does to the system what the plan says, in its order, and writes down what it did and how long it lasted.
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that is not ready by then is written down as such, and the run goes on. Twenty processes start on two busy cores. */
const READY_MS = 90_000;

export class Injector {
  done = 0;
  counts = new Map();
  #underWay = new Map();

  /**
   * @param {{ system: object, meta: object, places: object | undefined, history: object, events: object[], atOnce: number,
   *   turn: (n: number) => Promise<void> }} parts `turn` resolves when the run has got as far as this event; `atOnce`: how many
   *   may last at the same time, each about something else
   */
  constructor(parts) {
    this.parts = parts;
  }

  get total() {
    return this.parts.events.length;
  }

  /** What is being done now. */
  get current() {
    return [...this.#underWay.keys()].join(', ');
  }

  /** @param {AbortSignal} signal ends it early */
  async run(signal) {
    const { events, turn, atOnce } = this.parts;
    const lasting = this.#underWay;
    for (const [n, event] of events.entries()) {
      await turn(n);
      while (lasting.size >= atOnce || lasting.has(targetOf(event))) await Promise.race(lasting.values());
      if (signal.aborted) break;
      const work = this.#one(event).finally(() => lasting.delete(targetOf(event)));
      lasting.set(targetOf(event), work);
    }
    await Promise.all(lasting.values());
  }

  async #one(event) {
    const began = Date.now();
    const more = await this.#inject(event).catch((error) => ({ failed: error.message }));
    this.parts.history.add({ t: 'fault', at: began, until: Date.now(), ...event, ...more });
    if (!more?.failed) {
      const kind = ['graph', 'erp'].includes(event.kind) ? `${event.kind}: ${event.name}` : event.kind;
      this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    }
    await sleep(event.gapMs);
    this.done += 1;
  }

  async #inject(event) {
    const { system, meta, places } = this.parts;
    switch (event.kind) {
      case 'kill':
        return this.#kill(event.process);
      case 'pause': {
        if (!system.signal(event.process, 'SIGSTOP')) return { failed: 'not there' };
        const pid = system.pidOf(event.process);
        await sleep(event.ms);
        return wake(pid) ? {} : { ended: 'killed meanwhile' };
      }
      case 'cut': {
        const tap = system.taps.get(event.proxy);
        const connections = event.ms > 0 ? tap.refuse(true) : tap.cut();
        await sleep(event.ms);
        tap.refuse(false);
        return { connections };
      }
      case 'slow': {
        const tap = system.taps.get(event.proxy);
        tap.slow(event.delayMs);
        await sleep(event.ms);
        tap.slow(0);
        return {};
      }
      case 'graph':
        await meta.strike(event.fault);
        return {};
      case 'erp':
        places.trouble(event);
        return {};
      case 'place':
        return places.strike(event);
      default:
        throw new Error(`unknown fault ${event.kind}`);
    }
  }

  async #kill(process) {
    const { system } = this.parts;
    // Another fault may have ended it a moment ago.
    const limit = Date.now() + READY_MS;
    while (system.pidOf(process) === undefined && Date.now() < limit) await sleep(40);
    const killedAt = Date.now();
    if (!system.kill(process)) return { failed: 'not there' };
    const { startedAt, readyAt } = await untilBack(system, process, killedAt);
    return { killedAt, startedAt, readyAt };
  }
}

/** Waits until a killed process was started again and is ready. */
export async function untilBack(system, process, killedAt) {
  const limit = killedAt + READY_MS;
  let startedAt;
  while (Date.now() < limit) {
    startedAt ??= system.lines.find(({ at, line }) => at >= killedAt && line === `started again: ${process}`)?.at;
    if (startedAt !== undefined && (await system.isReady(process))) return { startedAt, readyAt: Date.now() };
    await sleep(40);
  }
  return { startedAt, late: 'not ready again in time' };
}

function targetOf(event) {
  return event.process ?? event.proxy ?? event.place ?? event.name;
}

function wake(pid) {
  try {
    return process.kill(pid, 'SIGCONT');
  } catch {
    return false;
  }
}
