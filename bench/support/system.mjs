// A whole Parley for a benchmark: the launcher of `npm start` on ports and data of its own, on either engine.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { root } from '../../tools/launcher/paths.mjs';
import { scratchFolder } from '../../tools/scratch.mjs';
import { freeRange } from './ports.mjs';
import { numberIds } from './webhooks.mjs';

/** Meta's upper tier; the default is its lower one. */
export const PER_NUMBER = 1000;
const OWN = /^(KAFKA_|GATEWAY_|DESK_|SIMULATOR|OPS_PORT|GRPC_PORT|PARLEY_|DATABASE_URL|OTEL_|WHATSAPP_|NODE_ENV)/;

/** This process's environment without what would lead a system to other ports, data or engines. */
function cleanEnvironment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !OWN.test(name)));
}

/** A broker of the benchmark's own; on the embedded log there is none. */
export async function startBroker(bus) {
  if (bus !== 'kafka') return undefined;
  const { startKafka } = await import('../../tools/kafka/kafka.mjs');
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-bench-kafka-'));
  const first = await startKafka({ dataDir });
  const port = Number(first.brokers.split(':')[1]);
  const broker = {
    ...first,
    logDir: join(dataDir, 'log'),
    crash: () => first.kill(),
    /** On the same port and data. */
    async restart() {
      const again = await startKafka({ dataDir, port });
      Object.assign(broker, { pid: again.pid, crash: () => again.kill(), halt: () => again.stop() });
    },
    halt: () => first.stop(),
    async stop() {
      await broker.halt();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return broker;
}

function whenReady(child, exited) {
  return new Promise((resolve, reject) => {
    child.stdout.on('data', (data) => String(data).includes('Parley is ready') && resolve());
    void exited.then(() => reject(new Error('Parley ended before it was ready.')));
  });
}

class System {
  constructor({ child, exited, base, dataDir, broker, readyMs }) {
    Object.assign(this, { child, exited, base, dataDir, broker, readyMs, pid: child.pid });
    this.gatewayPort = base;
    this.gateway = `http://127.0.0.1:${base}`;
  }

  /** Address of a service's gRPC, by its offset in the operating contract. */
  grpc(offset) {
    return `127.0.0.1:${this.base + 250 + offset}`;
  }

  ops(offset) {
    return `http://127.0.0.1:${this.base + 200 + offset}`;
  }

  /** Process ids of the services by name; several for replicas. */
  pids() {
    const { children } = readWhole(join(this.dataDir, 'launcher.json'));
    const found = new Map();
    for (const pid of children) {
      const name = /apps\/([a-z-]+)\//.exec(commandLine(pid))?.[1];
      if (name) found.set(name, [...(found.get(name) ?? []), pid]);
    }
    return found;
  }

  /** The parent of all of Postgres. */
  postgresPid() {
    const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(this.pid)])
      .toString()
      .trim()
      .split('\n');
    return children.map(Number).find((pid) => /postgres/.test(commandLine(pid)) && !/apps\//.test(commandLine(pid)));
  }

  /** A setting as a service was given it. */
  settingOf(service, name) {
    const [pid] = this.pids().get(service) ?? [];
    const line = readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .find((one) => one.startsWith(`${name}=`));
    return line?.slice(name.length + 1);
  }

  /** A connection of the administrator; the caller ends it. */
  async database() {
    const url = new URL(this.settingOf('gateway', 'GATEWAY_DATABASE_URL'));
    url.username = 'postgres';
    url.password = readFileSync(join(this.dataDir, 'postgres-password'), 'utf8').trim();
    const client = new pg.Client({ connectionString: url.href });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  async stop() {
    this.child.kill('SIGTERM');
    await this.exited;
    await this.broker?.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** The launcher writes this file at every change; in that moment it is cut short, and right the next. */
function readWhole(file) {
  for (let tries = 0; ; tries += 1) {
    try {
      return JSON.parse(readFileSync(file, 'utf8'));
    } catch (error) {
      if (!(error instanceof SyntaxError) || tries === 1000) throw error;
    }
  }
}

function commandLine(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/**
 * Starts everything and waits for the ready line.
 * @param {{ bus?: string, numbers?: number, graphUrl?: string, env?: Record<string, string> }} [options]
 */
export async function startSystem({ bus = 'embedded', numbers = 1, graphUrl, env = {} } = {}) {
  const base = await freeRange();
  const broker = await startBroker(bus);
  const dataDir = scratchFolder('bench');
  const began = performance.now();
  const child = spawn(process.execPath, [join(root, 'tools/launcher/main.mjs')], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...cleanEnvironment(),
      GATEWAY_PORT: String(base),
      DESK_PORT: String(base + 1),
      SIMULATOR_PORT: String(base + 2),
      OPS_PORT_BASE: String(base + 200),
      GRPC_PORT_BASE: String(base + 250),
      PARLEY_DATA_DIR: dataDir,
      WHATSAPP_MESSAGES_PER_SECOND: String(PER_NUMBER),
      WHATSAPP_PHONE_NUMBER_ID: numberIds(numbers).join(','),
      ...(broker ? { KAFKA_BROKERS: broker.brokers } : {}),
      ...(graphUrl ? { SIMULATOR: 'off', WHATSAPP_GRAPH_URL: graphUrl } : {}),
      ...env,
    },
  });
  const exited = new Promise((resolve) => child.on('exit', resolve));
  try {
    await whenReady(child, exited);
  } catch (error) {
    await broker?.stop();
    rmSync(dataDir, { recursive: true, force: true });
    throw error;
  }
  return new System({ child, exited, base, dataDir, broker, readyMs: performance.now() - began });
}
