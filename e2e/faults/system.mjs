// A whole Parley for a fault run: the launcher of `npm start`, two replicas of what decides and sends, and a proxy of ours on
// every connection between the parts.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isReady } from '../../tools/launcher/checks.mjs';
import { root } from '../../tools/launcher/paths.mjs';
import { localSecrets } from '../../tools/launcher/secrets.mjs';
import { services } from '../../tools/launcher/services.mjs';
import { isFree } from '../../tools/ports.mjs';
import { scratchFolder } from '../../tools/scratch.mjs';
import { faultsEnvironment } from './bugs.mjs';
import { kafkaStore, postgresStore } from './stores.mjs';
import { Wiring } from './wiring.mjs';

const START_MS = 180_000;
const STOP_MS = 20_000;
const REPLICATED = ['gateway', 'conversation-service'];
const OWN_SETTINGS =
  /^(KAFKA_|GATEWAY_|DESK_|SIMULATOR|OPS_PORT|GRPC_PORT|PARLEY_|DATABASE_URL|OTEL_|WHATSAPP_|NODE_ENV|JEST_|.*_GRPC_URL$|.*_DATABASE_URL$)/;

/** A base port whose neighbourhood is free, below the range the kernel hands out by itself. */
async function freeBase() {
  const offsets = [0, 1, 2, 100, 200, 201, 207, 250, 256, 300, 301, 350, 351];
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const base = 10_000 + Math.floor(Math.random() * 30) * 600;
    const free = await Promise.all(offsets.map((offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
  throw new Error('No free range of ports was found.');
}

export class FaultySystem {
  /** Lines the launcher printed, with their time. */
  lines = [];
  #wiring = new Wiring();
  #child;
  #exited;
  #postgres;
  #kafka;

  /** @param {{ bus: 'embedded' | 'kafka', env?: Record<string, string>, bug?: string, onLine?: (line: string) => void }} options */
  static async start(options) {
    const system = new FaultySystem(options);
    try {
      await system.#start();
    } catch (error) {
      const said = system.lines.map(({ line }) => line).join('\n');
      await system.dispose();
      throw new Error(`Parley did not become ready: ${error.message}\n${said}`, { cause: error });
    }
    return system;
  }

  constructor(options) {
    this.options = options;
  }

  /** What can be cut and slowed, by name. */
  get taps() {
    return this.#wiring.taps;
  }

  get gatewayUrls() {
    return [`http://127.0.0.1:${this.base}`, `http://127.0.0.1:${this.base + 100}`];
  }

  get deskUrl() {
    return `http://127.0.0.1:${this.base + 1}`;
  }

  get simulatorUrl() {
    return `http://127.0.0.1:${this.base + 2}`;
  }

  /** Everything that can be killed: `gateway-2` is the second replica. */
  get processes() {
    const names = services.flatMap(({ name }) => (REPLICATED.includes(name) ? [name, `${name}-2`] : [name]));
    return [...names, 'postgres', ...(this.options.bus === 'kafka' ? ['kafka'] : [])];
  }

  async #start() {
    this.dataDir = scratchFolder('faults');
    this.base = await freeBase();
    this.secrets = localSecrets(this.dataDir);
    const said = (name) => () => this.#say(`started again: ${name}`);
    this.#postgres = await postgresStore(this.dataDir, said('postgres'));
    const database = new URL(this.#postgres.server.url);
    database.port = String(await this.#wiring.database(() => this.#postgres.port));
    const env = await this.#wiring.environment({ grpcBase: this.base + 250, simulatorPort: this.base + 2 });
    env.DATABASE_URL = database.href;
    if (this.options.bus === 'kafka') {
      const proxyTo = (port) => this.#wiring.proxy('services -> kafka', () => port);
      const { store, brokers } = await kafkaStore(join(this.dataDir, 'kafka'), proxyTo, said('kafka'));
      this.#kafka = store;
      env.KAFKA_BROKERS = brokers;
    }
    this.placesDir = join(this.dataDir, 'places');
    mkdirSync(this.placesDir);
    this.env = {
      ...env,
      ...faultsEnvironment({ dir: this.placesDir, bug: this.options.bug }),
      GATEWAY_PORT: String(this.base),
      DESK_PORT: String(this.base + 1),
      SIMULATOR_PORT: String(this.base + 2),
      OPS_PORT_BASE: String(this.base + 200),
      GRPC_PORT_BASE: String(this.base + 250),
      PARLEY_DATA_DIR: this.dataDir,
      PARLEY_REPLICAS: REPLICATED.map((name) => `${name}=2`).join(','),
      PARLEY_DEMO_DATA: 'off',
      ...this.options.env,
    };
    await this.#launch();
  }

  #say(line) {
    this.lines.push({ at: Date.now(), line });
    this.options.onLine?.(line);
  }

  async #launch() {
    const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OWN_SETTINGS.test(name)));
    this.#child = spawn(process.execPath, [join(root, 'tools/launcher/main.mjs')], {
      cwd: root,
      env: { ...clean, ...this.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.#exited = new Promise((resolve) => this.#child.once('exit', resolve));
    let late;
    const ready = new Promise((resolve, reject) => {
      const read = (data) => {
        for (const line of data.toString().split('\n').filter(Boolean)) {
          this.#say(line);
          if (line.startsWith('Parley is ready')) resolve(undefined);
        }
      };
      this.#child.stdout.on('data', read);
      this.#child.stderr.on('data', read);
      void this.#exited.then(() => reject(new Error('the launcher ended')));
      late = setTimeout(() => reject(new Error('it took too long')), START_MS);
    });
    await ready.finally(() => clearTimeout(late));
  }

  /** An address of the database that no proxy stands before, as the role of a schema. */
  databaseUrl(schema) {
    const password = encodeURIComponent(this.secrets.passwords[schema]);
    return `postgres://parley_${schema}:${password}@127.0.0.1:${this.#postgres.port}/parley`;
  }

  /** Process id of one process of ours; undefined while it is away. */
  pidOf(process) {
    if (process === 'postgres') return this.#postgres.pid;
    if (process === 'kafka') return this.#kafka?.pid;
    const [, name, replica] = /^(.*?)(?:-(\d))?$/.exec(process);
    const ops = String(this.base + 200 + (replica ? 100 * (Number(replica) - 1) : 0));
    const { children } = JSON.parse(readFileSync(join(this.dataDir, 'launcher.json'), 'utf8'));
    return children.find((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`apps/${name}/`)) return false;
        return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`OPS_PORT_BASE=${ops}`);
      } catch {
        return false;
      }
    });
  }

  /** Where a service process says whether it is ready; undefined for what is no service. */
  readyUrl(process) {
    const [, name, replica] = /^(.*?)(?:-(\d))?$/.exec(process);
    const service = services.find((one) => one.name === name);
    if (!service) return undefined;
    const shift = replica ? 100 * (Number(replica) - 1) : 0;
    return `http://127.0.0.1:${this.base + 200 + shift + service.port}/health/ready`;
  }

  async isReady(process) {
    const url = this.readyUrl(process);
    return url ? isReady(url) : this.pidOf(process) !== undefined;
  }

  /** SIGKILL; whoever started it starts it again. Returns false when it was not there. */
  kill(process) {
    return this.signal(process, 'SIGKILL');
  }

  signal(process, name) {
    const pid = this.pidOf(process);
    return pid !== undefined && signal(pid, name);
  }

  async dispose({ keep = false } = {}) {
    if (this.#child) {
      for (const pid of this.processes.map((process) => tryTo(() => this.pidOf(process))))
        if (pid) signal(pid, 'SIGCONT');
      const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS);
      this.#child.kill('SIGTERM');
      await this.#exited;
      clearTimeout(timer);
    }
    await this.#kafka?.stop((broker) => broker.kill());
    await this.#postgres?.stop((server) => (keep ? server.stop() : server.destroy()));
    await this.#wiring.stop();
    if (!keep) await rm(this.dataDir, { recursive: true, force: true });
  }
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}

function tryTo(work) {
  try {
    return work();
  } catch {
    return undefined;
  }
}
