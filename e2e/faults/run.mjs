// One fault run from a seed: a system, customers, faults, a history, and the checker's verdict.
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { check } from './checker.mjs';
import { Customers } from './customers.mjs';
import { History } from './history.mjs';
import { importRecords } from './import-records.mjs';
import { Injector } from './injector.mjs';
import { Meta } from './meta.mjs';
import { ERP_TROUBLES, Places } from './places.mjs';
import { readOutside } from './outside.mjs';
import { importFiles, planCustomers, planFaults } from './plan.mjs';
import { Dice } from './random.mjs';
import { FaultySystem } from './system.mjs';
import { Templates } from './templates.mjs';
import { Deliveries } from './webhooks.mjs';

const IN_DOUBT_WAIT = '15s';
/** How many events' worth of messages may be asked ahead of the faults, so that both end together. */
const AHEAD = 1.5;
const CATCH_UP_MS = 25_000;
const QUIET_MS = 3000;
const MOST_QUIET_MS = 120_000;

const SETTINGS = {
  WHATSAPP_MESSAGES_PER_SECOND: '1000',
  SIMULATOR_MESSAGES_PER_SECOND: '1000',
  WHATSAPP_IN_DOUBT_WAIT: IN_DOUBT_WAIT,
  // Customers write to the gateway directly; the simulator never sees them and would think their windows closed.
  SIMULATOR_WINDOW: 'off',
  LOG_LEVEL: 'warn',
};

/**
 * @param {{ messages: number, seed: number, bus: 'embedded' | 'kafka', kills: number, minutes?: number, keep?: boolean, historyFile?: string,
 *   say: (line: string) => void, progress?: (state: object) => void }} options
 */
export async function runFaults(options) {
  const run = new FaultRun(options);
  try {
    return await run.run();
  } finally {
    await run.close();
  }
}

class FaultRun {
  #stop = new AbortController();

  constructor(options) {
    this.options = options;
    this.dice = new Dice(options.seed);
    this.customers = planCustomers(this.dice.fork('customers'), options.messages);
    this.messages = this.customers.flatMap(({ steps }) => steps.flat()).length;
  }

  async run() {
    const { seed, bus, kills, say } = this.options;
    this.folder = this.options.historyFile ? undefined : await mkdtemp(join(tmpdir(), 'parley-faults-history-'));
    const path = this.options.historyFile ?? join(this.folder, 'history.jsonl');
    mkdirSync(join(path, '..'), { recursive: true });
    this.history = new History(path);
    this.history.add({ t: 'run', seed, bus, messages: this.messages, customers: this.customers.length, kills });
    say(`seed ${seed}, bus ${bus}, ${this.messages} messages of ${this.customers.length} customers, ${kills} kills of every process`);
    const began = Date.now();
    this.system = await FaultySystem.start({ bus, env: { ...SETTINGS, SIMULATOR_SEED: String(seed), ...this.options.env } });
    this.places = new Places(this.system.placesDir, bus);
    say(`ready after ${seconds(began)} s; importing`);
    await importRecords(this.system, importFiles(this.customers));
    this.#wire();
    await this.#play();
    await this.#quiet();
    return this.#judge(began);
  }

  #wire() {
    const { system, history, dice } = this;
    this.meta = new Meta({
      url: system.simulatorUrl,
      onSend: (send) => {
        history.add(send);
        this.people.sent(send);
      },
    });
    this.deliveries = new Deliveries({
      dice: dice.fork('deliveries'),
      urls: system.gatewayUrls,
      acknowledged: (wamid, at) => this.people.acknowledged(wamid, at),
    });
    this.templates = new Templates(system);
    this.people = new Customers({
      history,
      deliveries: this.deliveries,
      mayAsk: () => this.#mayAsk(),
      beforeStop: (customer) => this.templates.send(customer),
      afterStop: (customer) => this.#later(6000, () => this.templates.send(customer)),
    });
    const events = planFaults(dice.fork('faults'), {
      processes: system.processes,
      proxies: [...system.taps.keys()],
      places: this.#placesToKill(),
      troubles: ERP_TROUBLES,
      kills: this.options.kills,
    });
    const { meta, places } = this;
    this.injector = new Injector({ system, meta, places, history, events, turn: (n) => this.#turn(n) });
  }

  /** All places of this bus, or as many of them as were asked for, by the seed. */
  #placesToKill() {
    const all = this.places.all.map(({ place }) => place);
    const { places = all.length } = this.options;
    this.wanted = places >= all.length ? all : this.dice.fork('places').shuffled(all).slice(0, places);
    return this.wanted;
  }

  #later(ms, work) {
    this.pending ??= new Set();
    const task = sleep(ms).then(work).finally(() => this.pending.delete(task));
    this.pending.add(task);
    return Promise.resolve();
  }

  /** Asking waits for the faults. */
  async #mayAsk() {
    const { injector } = this;
    while (!this.#stop.signal.aborted && injector.done < injector.total) {
      if (this.people.asked < ((injector.done + AHEAD) / injector.total) * this.messages) return;
      await sleep(20);
    }
  }

  /** Faults wait for the asking. */
  async #turn(n) {
    const { injector, people } = this;
    while (!this.#stop.signal.aborted && !this.played && people.asked < (n / injector.total) * this.messages * 0.95) await sleep(20);
  }

  async #play() {
    const { meta, people, injector, options } = this;
    await meta.behave({
      statuses: { duplicates: 3, shuffle: true, delay_ms: { min: 20, max: 1200 } },
      webhooks: { retry_ms: 200, retry_max_ms: 1500, batch: 20, hold_ms: 20 },
    });
    meta.start();
    if (options.minutes) setTimeout(() => this.#stop.abort(), options.minutes * 60_000).unref();
    const showing = setInterval(() => options.progress?.(this.#state()), 500);
    const playing = people.play(this.customers).then(() => (this.played = true));
    await Promise.all([playing, injector.run(this.#stop.signal)]);
    await Promise.all(this.pending ?? []);
    clearInterval(showing);
    await meta.behave({ sends: [] });
    this.places.disarm();
    options.say(`asked ${people.asked}, answered ${people.answered}, ${injector.done} faults; replaying old webhooks`);
    await this.deliveries.settled();
    await this.deliveries.replay();
  }

  #state() {
    const { people, injector, messages } = this;
    return { asked: people.asked, answered: people.answered, messages, faults: injector.done, of: injector.total, now: injector.current };
  }

  /** Waits until nothing is sent any more, and every send has an outcome. */
  async #quiet() {
    const began = Date.now();
    while (Date.now() - began < MOST_QUIET_MS) {
      await sleep(250);
      const sends = this.history.records.filter(({ t }) => t === 'send');
      const recent = sends.at(-1)?.at ?? 0;
      if (Date.now() - Math.max(recent, began) < QUIET_MS) continue;
      if (openSends(sends) > 0) continue;
      return;
    }
  }

  async #judge(began) {
    const { system, history, options } = this;
    const before = history.records.length;
    let outside = [];
    let verdict;
    let limit = Date.now() + CATCH_UP_MS;
    let least = Infinity;
    do {
      outside = await readOutside(system, this.customers).catch((error) => {
        options.say(`reading again: ${error.message}`);
        return [];
      });
      verdict = check([...history.records, ...outside]);
      if (verdict.green) break;
      // Consumers may still be catching up; as long as they get somewhere they are waited for.
      if (outside.length > 0 && verdict.violations.length < least) {
        least = verdict.violations.length;
        limit = Date.now() + CATCH_UP_MS;
      }
      await sleep(2000);
    } while (Date.now() < limit);
    // What was sent while the others were read counts too.
    await this.meta.look();
    for (const record of outside) history.add(record);
    verdict = check(history.records);
    history.add({ t: 'end', seconds: Number(seconds(began)), records: before });
    await history.close();
    return {
      ...verdict,
      seed: options.seed,
      bus: options.bus,
      messages: this.people.asked,
      customers: this.customers.length,
      seconds: Number(seconds(began)),
      faults: Object.fromEntries(this.injector.counts),
      deliveries: this.deliveries.counts,
      places: this.places.outcome(this.wanted),
      records: history.records,
      historyFile: history.path,
      dataDir: system.dataDir,
    };
  }

  async close() {
    this.#stop.abort();
    this.deliveries?.stop();
    await this.meta?.stop().catch(() => undefined);
    await this.templates?.close();
    await this.system?.dispose({ keep: this.options.keep });
  }
}

/** Sends whose last POST told nothing final: neither taken nor refused for good. */
function openSends(sends) {
  const last = new Map();
  for (const send of sends) {
    const known = last.get(send.sendId);
    last.set(send.sendId, { accepted: known?.accepted || send.result.accepted, code: send.result.code, kind: send.result.kind, posts: (known?.posts ?? 0) + 1 });
  }
  const retried = new Set([190, 130429, 131056]);
  return [...last.values()].filter(({ accepted, code, kind, posts }) => {
    if (accepted) return false;
    return retried.has(code) || (['timeout', 'reset', 'http_error'].includes(kind) && posts < 2);
  }).length;
}

const seconds = (began) => ((Date.now() - began) / 1000).toFixed(1);

export function writeJson(file, value) {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}

export const removeFolder = (folder) => rm(folder, { recursive: true, force: true });
