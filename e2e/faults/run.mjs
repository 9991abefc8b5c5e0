// One fault run from a seed: a system, customers, faults, a history, and the checker's verdict.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { check } from './checker.mjs';
import { bugs } from './bugs.mjs';
import { Customers } from './customers.mjs';
import { History } from './history.mjs';
import { importRecords } from './import-records.mjs';
import { Injector } from './injector.mjs';
import { Meta } from './meta.mjs';
import { ERP_TROUBLES, Places } from './places.mjs';
import { quiet, readUntilGreen } from './end.mjs';
import { readOutside } from './outside.mjs';
import { importFiles, planBugFaults, planCustomers, planExtras, planFaults } from './plan.mjs';
import { Dice } from './random.mjs';
import { ASKED_AFTER_KILL, measureRecovery, recoveryTable } from './recovery.mjs';
import { Scenes, SCENES } from './scenes.mjs';
import { FaultySystem } from './system.mjs';
import { Templates } from './templates.mjs';
import { Deliveries } from './webhooks.mjs';

const IN_DOUBT_S = 15;
/** How many events' worth of messages may be asked ahead of the faults, so that both end together. */
const AHEAD = 1.5;
/** A full run has hundreds of faults, most of which wait for something: three last at the same time. A short one does one by one. */
const AT_ONCE = { full: 3, short: 1 };
const MANY_KILLS = 5;

const SETTINGS = {
  WHATSAPP_MESSAGES_PER_SECOND: '1000',
  SIMULATOR_MESSAGES_PER_SECOND: '1000',
  WHATSAPP_IN_DOUBT_WAIT: `${IN_DOUBT_S}s`,
  // Customers write to the gateway directly; the simulator never sees them and would think their windows closed.
  SIMULATOR_WINDOW: 'off',
  LOG_LEVEL: 'warn',
};

/**
 * @param {{ messages: number, seed: number, bus: 'embedded' | 'kafka', kills: number, minutes?: number, keep?: boolean, historyFile: string,
 *   places?: number, bug?: string, recovery?: boolean, patienceMs?: number, signal?: AbortSignal, say: (line: string) => void, progress?: (state: object) => void }} options
 */
export async function runFaults(options) {
  const run = new FaultRun(options);
  const stopped = new Promise((_, reject) => {
    options.signal?.addEventListener('abort', () => reject(new Error('The run was stopped.')), { once: true });
  });
  try {
    return await Promise.race([run.run(), stopped]);
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
    this.extras = planExtras(
      this.customers.length,
      Scenes.customersNeeded + (options.recovery ? 12 * ASKED_AFTER_KILL : 0),
    );
    this.messages = this.customers.flatMap(({ steps }) => steps.flat()).length;
  }

  async run() {
    const { seed, bus, kills, say } = this.options;
    mkdirSync(dirname(this.options.historyFile), { recursive: true });
    this.history = new History(this.options.historyFile);
    this.history.add({
      t: 'run',
      seed,
      bus,
      messages: this.messages,
      customers: this.customers.length,
      kills,
      inDoubtMs: IN_DOUBT_S * 1000,
    });
    say(
      `seed ${seed}, bus ${bus}, ${this.messages} messages of ${this.customers.length} customers, ${kills} kills of every process`,
    );
    const began = Date.now();
    this.system = await FaultySystem.start({
      bus,
      bug: this.options.bug,
      env: { ...SETTINGS, SIMULATOR_SEED: String(seed), ...this.options.env },
    });
    this.places = new Places(this.system.placesDir, bus);
    say(`ready after ${seconds(began)} s; importing`);
    await importRecords(this.system, importFiles([...this.customers, ...this.extras]));
    this.#wire();
    await this.#play();
    await quiet(this.history);
    return this.#judge(began);
  }

  #wire() {
    const { system, history, dice } = this;
    this.templates = new Templates(system);
    this.meta = new Meta({
      url: system.simulatorUrl,
      onSend: (send) => {
        history.add(send);
        if (send.type === 'template') this.templates.sent(send);
        else this.people.sent(send);
      },
    });
    this.deliveries = new Deliveries({
      dice: dice.fork('deliveries'),
      urls: system.gatewayUrls,
      acknowledged: (wamid, at) => this.people.acknowledged(wamid, at),
    });
    this.people = new Customers({
      history,
      patienceMs: this.options.patienceMs,
      deliveries: this.deliveries,
      mayAsk: () => this.#mayAsk(),
      beforeStop: (customer) => this.templates.sendAndSee(customer),
      afterStop: (customer) => this.#later(6000, () => this.templates.send(customer)),
    });
    const events = this.#plan();
    const { meta, places } = this;
    const atOnce = this.options.kills >= MANY_KILLS ? AT_ONCE.full : AT_ONCE.short;
    this.injector = new Injector({ system, meta, places, history, events, atOnce, turn: (n) => this.#turn(n) });
  }

  #plan() {
    const { system, options } = this;
    const dice = this.dice.fork('faults');
    this.wanted = [];
    this.demanded = 0;
    if (options.bug) return planBugFaults(dice, bugs[options.bug].shows.fault);
    return planFaults(dice, {
      processes: system.processes,
      proxies: [...system.taps.keys()],
      places: this.#placesToKill(),
      troubles: ERP_TROUBLES,
      kills: options.kills,
    });
  }

  /** All places of this bus, or as many of them as were asked for, by the seed. */
  #placesToKill() {
    const all = this.places.all.map(({ place }) => place);
    const { places = all.length } = this.options;
    this.demanded = Math.min(places, all.length);
    // Not all are sure to be passed in a short run: a few more are armed than have to strike, and none that takes minutes.
    const short = this.dice.fork('places').shuffled(all.filter((place) => !SCENES.doubt.includes(place)));
    this.wanted = places >= all.length ? all : short.slice(0, Math.ceil(places * 1.2));
    const rare = new Set(Object.values(SCENES).flat());
    return this.wanted.filter((place) => !rare.has(place));
  }

  #later(ms, work) {
    this.pending ??= new Set();
    const task = sleep(ms)
      .then(work)
      .finally(() => this.pending.delete(task));
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
    while (!this.#stop.signal.aborted && !this.played && people.asked < (n / injector.total) * this.messages * 0.95)
      await sleep(20);
  }

  async #play() {
    const { meta, people, injector, options, system } = this;
    meta.start();
    if (options.recovery) {
      this.used = system.processes.length * ASKED_AFTER_KILL;
      const customers = this.extras.slice(0, this.used);
      await measureRecovery({ system, people, history: this.history, customers, say: options.say });
    }
    await meta.behave({
      statuses: { duplicates: 3, shuffle: true, delay_ms: { min: 20, max: 1200 } },
      webhooks: { retry_ms: 200, retry_max_ms: 1500, batch: 20, hold_ms: 20 },
    });
    if (options.minutes) setTimeout(() => this.#stop.abort(), options.minutes * 60_000).unref();
    const showing = setInterval(() => options.progress?.(this.#state()), 500);
    const playing = people.play(this.customers).then(() => (this.played = true));
    await Promise.all([playing, injector.run(this.#stop.signal)]);
    await Promise.all(this.pending ?? []);
    clearInterval(showing);
    await meta.behave({ sends: [] });
    this.places.disarm();
    options.say(
      `asked ${people.asked}, answered ${people.answered}, ${injector.done} faults; the rare places, then old webhooks again`,
    );
    const scenes = new Scenes({
      system: this.system,
      history: this.history,
      people,
      places: this.places,
      customers: this.extras.slice(this.used ?? 0),
      meta,
    });
    await scenes.play(this.wanted, options.say);
    await this.deliveries.settled();
    await this.deliveries.replay();
  }

  #state() {
    const { people, injector, messages } = this;
    return {
      asked: people.asked,
      answered: people.answered,
      messages,
      faults: injector.done,
      of: injector.total,
      now: injector.current,
    };
  }

  async #judge(began) {
    const { system, history, options } = this;
    const before = history.records.length;
    const { outside } = await readUntilGreen(
      () => readOutside(system, [...this.customers, ...this.extras]),
      history,
      options.say,
    );
    // What was sent while the others were read counts too.
    await this.meta.look();
    for (const record of outside) history.add(record);
    const verdict = check(history.records);
    history.add({ t: 'end', seconds: Number(seconds(began)), records: before });
    await history.close();
    const places = this.places.outcome(this.wanted);
    const reached = row('places where a process was killed', this.demanded, this.demanded - places.killed.length);
    const floors = Object.values(recoveryTable(history.records));
    const recovered = row(
      'first reply within the floor after a kill',
      floors.length,
      floors.filter(({ verdict: v }) => v !== 'green').length,
    );
    return {
      ...verdict,
      rows: [...verdict.rows, reached, recovered],
      green: verdict.green && reached.bad + recovered.bad === 0,
      seed: options.seed,
      bus: options.bus,
      messages: this.people.asked,
      customers: this.customers.length,
      seconds: Number(seconds(began)),
      faults: Object.fromEntries(this.injector.counts),
      deliveries: this.deliveries.counts,
      places,
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

const row = (check, looked, bad) => ({ check, looked, bad: Math.max(0, bad), verdict: bad > 0 ? 'RED' : 'green' });

const seconds = (began) => ((Date.now() - began) / 1000).toFixed(1);
