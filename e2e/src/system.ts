import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePortRange } from './ports.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const READY = /Parley is ready: (\S+) (\S+)/;
const STOP_MS = 15_000;
const START_MS = 120_000;

interface Broker {
  brokers: string;
  dataDir: string;
  stop(): Promise<void>;
}

/** A real Kafka broker of the system's own. */
async function startBroker(): Promise<Broker> {
  const { startKafka } = (await import(join(root, 'tools/kafka/kafka.mjs'))) as {
    startKafka: () => Promise<Broker>;
  };
  return startKafka();
}

/** A whole Parley: the same launcher, services and database that `npm start` runs, on ports and data of its own. */
export class System {
  readonly lines: string[] = [];
  private exited: Promise<number | null> = Promise.resolve(null);
  private child: ChildProcess | undefined;

  private constructor(
    readonly env: Record<string, string>,
    readonly dataDir: string,
    readonly base: number,
    private readonly broker: Broker | undefined,
  ) {}

  /** Starts and waits for the ready line. @throws with the launcher's output when it ends before that */
  static async start(env: Record<string, string> = {}): Promise<System> {
    const dataDir = await mkdtemp(join(tmpdir(), 'parley-e2e-'));
    // Postgres, which for root runs under an account of its own, can enter it: its cluster lies inside and goes with it.
    await chmod(dataDir, 0o711);
    const base = await freePortRange();
    const ports = {
      GATEWAY_PORT: String(base),
      DESK_PORT: String(base + 1),
      SIMULATOR_PORT: String(base + 2),
      OPS_PORT_BASE: String(base + 200),
      GRPC_PORT_BASE: String(base + 250),
    };
    const broker = process.env['PARLEY_E2E_BUS'] === 'kafka' ? await startBroker() : undefined;
    const kafka: Record<string, string> = broker ? { KAFKA_BROKERS: broker.brokers } : {};
    const system = new System({ ...ports, ...kafka, PARLEY_DATA_DIR: dataDir, ...env }, dataDir, base, broker);
    await system.run();
    return system;
  }

  get gatewayUrl(): string {
    return `http://127.0.0.1:${this.base}`;
  }

  get deskUrl(): string {
    return `http://127.0.0.1:${this.base + 1}`;
  }

  get simulatorUrl(): string {
    return `http://127.0.0.1:${this.base + 2}`;
  }

  /** Address of a service's gRPC, by its offset in the operating contract. */
  grpc(offset: number): string {
    return `127.0.0.1:${this.base + 250 + offset}`;
  }

  ops(offset: number): string {
    return `http://127.0.0.1:${this.base + 200 + offset}`;
  }

  /** Where the system's own broker keeps its log; undefined on the embedded bus. */
  get kafkaDir(): string | undefined {
    return this.broker?.dataDir;
  }

  /** Process ids of the launcher's children by their command lines. */
  async pidsOf(service: string): Promise<number[]> {
    const { children } = JSON.parse(await readFile(join(this.dataDir, 'launcher.json'), 'utf8')) as {
      children: number[];
    };
    const lines = await Promise.all(children.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
    return children.filter((_, index) => lines[index]?.includes(`apps/${service}/`));
  }

  /** Starts again on the same data after `stop` or `kill`. */
  async run(): Promise<void> {
    const child = spawn(process.execPath, [join(root, 'tools/launcher/main.mjs')], {
      cwd: root,
      env: { ...cleanEnvironment(), ...this.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.exited = new Promise((resolve) => child.on('exit', (code) => resolve(code)));
    const ready = new Promise<void>((resolve) => {
      const read = (data: Buffer): void => {
        this.lines.push(...data.toString().split('\n').filter(Boolean));
        if (READY.test(data.toString())) resolve();
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
    });
    const outcome = await Promise.race([
      ready.then(() => 'ready'),
      this.exited.then(() => 'ended'),
      sleep(START_MS, 'late', { ref: false }),
    ]);
    if (outcome === 'ready') return;
    const said = `${this.lines.join('\n')}\n${await this.logTails()}`;
    await this.dispose();
    throw new Error(`The system did not become ready (${outcome}):\n${said}`);
  }

  /** Process id of the launcher. */
  get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** Stops as a user does, keeping the data. Returns the exit code; null when it took longer and was killed. */
  async stop(limitMs = STOP_MS): Promise<number | null> {
    const timer = setTimeout(() => this.child?.kill('SIGKILL'), limitMs);
    this.child?.kill('SIGTERM');
    const code = await this.exited;
    clearTimeout(timer);
    return code;
  }

  /** Stops and removes the data. */
  async dispose(): Promise<void> {
    await this.stop();
    await this.broker?.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  /** The last lines of every service's log: what a failed test needs first. */
  async logTails(lines = 15): Promise<string> {
    const dir = join(this.dataDir, 'logs');
    const files = await readdir(dir).catch(() => []);
    const tails = files.map(async (file) => {
      const text = await readFile(join(dir, file), 'utf8');
      return `--- ${file}\n${text.trim().split('\n').slice(-lines).join('\n')}`;
    });
    return (await Promise.all(tails)).join('\n');
  }
}

/** The tests' own environment must not lead a system to other ports or data. */
function cleanEnvironment(): Record<string, string | undefined> {
  const own =
    /^(KAFKA_|GATEWAY_|DESK_|SIMULATOR|OPS_PORT|GRPC_|PARLEY_|(\w+_)?DATABASE_URL|OTEL_|WHATSAPP_|NODE_ENV|JEST_)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}
