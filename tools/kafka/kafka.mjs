// A real Kafka broker (KRaft, one node) for tests and benchmarks. As a program it prints the broker's address and runs
// until it is told to stop; as a module it gives `startKafka`. Needs Java 17 and, the first time, Maven.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../ports.mjs';
import { scramOf, secureListeners, secureProperties } from './secure.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const libs = fileURLToPath(new URL('../../.cache/kafka/libs', import.meta.url));
const HEAP = '384m';
const STARTS_WITHIN_MS = 60_000;

/** A missing tool is a failure that names it: nothing here is ever skipped in silence. */
function need(tool, args, what) {
  const { error, status } = spawnSync(tool, args, { stdio: 'ignore' });
  if (error || status !== 0) throw new Error(`${tool} is missing: ${what}. Install it and run this again.`);
}

/** Copies the broker's jars into .cache once. */
async function fetchJars() {
  if (existsSync(libs)) return;
  need('mvn', ['--version'], 'Maven gets the Kafka broker');
  const half = `${libs}.${process.pid}`;
  await mkdir(half, { recursive: true });
  const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
  const args = ['-B', '-q', '-f', join(here, 'pom.xml'), goal, `-DoutputDirectory=${half}`, '-DincludeScope=runtime'];
  const { status, stdout, stderr } = spawnSync('mvn', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`Maven could not get the Kafka broker: ${(stderr + stdout).trim().split('\n')[0]}`);
  // Complete or not there at all: a second process may have been faster.
  await rename(half, libs).catch(() => rm(half, { recursive: true, force: true }));
}

function properties({ port, advertised, controller, logDir, secure }) {
  const listeners = [
    ['PLAINTEXT', 'PLAINTEXT', port, advertised],
    ...(secure
      ? [
          ['SIGNED', 'SASL_SSL', secure.signed],
          ['MUTUAL', 'SSL', secure.mutual],
        ]
      : []),
  ];
  const addresses = (at) => listeners.map((one) => `${one[0]}://127.0.0.1:${at(one)}`).join(',');
  const protocols = listeners.map(([name, protocol]) => `${name}:${protocol}`).join(',');
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${controller}`,
    `listeners=${addresses(([, , at]) => at)},CONTROLLER://127.0.0.1:${controller}`,
    `advertised.listeners=${addresses(([, , at, told = at]) => told)}`,
    'inter.broker.listener.name=PLAINTEXT',
    'controller.listener.names=CONTROLLER',
    `listener.security.protocol.map=${protocols},CONTROLLER:PLAINTEXT`,
    ...(secure ? secureProperties(secure) : []),
    `log.dirs=${logDir}`,
    'offsets.topic.replication.factor=1',
    'offsets.topic.num.partitions=4',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'group.initial.rebalance.delay.ms=0',
    // As in production: topics are made by who knows what they need.
    'auto.create.topics.enable=false',
    'num.network.threads=2',
    'num.io.threads=4',
    'log.cleaner.dedupe.buffer.size=4194304',
  ].join('\n');
}

/** Errors only, and the one line that says the broker serves. */
const logging = ['defaultLogLevel=error', 'log.kafka.server.KafkaRaftServer=info'].map(
  (setting) => `-Dorg.slf4j.simpleLogger.${setting}`,
);

function java(main, args, options = {}) {
  const jvm = [
    ...logging,
    `-Xmx${HEAP}`,
    '-Xms128m',
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-cp',
    join(libs, '*'),
  ];
  return spawn('java', [...jvm, main, ...args], { stdio: ['ignore', 'pipe', 'pipe'], ...options });
}

async function output(child) {
  let text = '';
  child.stdout.on('data', (chunk) => (text += chunk));
  child.stderr.on('data', (chunk) => (text += chunk));
  const status = await new Promise((resolve) => child.once('exit', resolve));
  return { status, text };
}

/** Ends the broker when this process ends in whatever way: the pipe between us closes then. */
function guardOf(pid) {
  const script = 'cat > /dev/null; kill -9 "$1"';
  const guard = spawn('sh', ['-c', script, 'kafka-guard', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.unref();
  guard.stdin.unref?.();
  return guard;
}

/** A cluster id as Kafka makes them: 16 bytes, and no dash in front, which the format command would take for an option. */
function clusterId() {
  const bytes = randomBytes(16);
  bytes[0] &= 0x7f;
  return bytes.toString('base64url');
}

function untilReady(child) {
  return new Promise((resolve, reject) => {
    let tail = '';
    const late = setTimeout(
      () => reject(new Error(`The Kafka broker did not start in time: ${tail}`)),
      STARTS_WITHIN_MS,
    );
    const read = (chunk) => {
      tail = (tail + chunk).slice(-2000);
      if (!/Kafka Server started/.test(tail)) return;
      clearTimeout(late);
      resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => {
      clearTimeout(late);
      reject(new Error(`The Kafka broker ended at its start (${code}): ${tail}`));
    });
  });
}

/**
 * Starts a broker on 127.0.0.1, with an empty log unless the folder holds one, and resolves when it serves.
 * @param {{ port?: number, dataDir?: string, advertisedPort?: number, secure?: import('./secure.mjs').Secure }} [options] a free port and a temporary folder when
 *   absent; a folder that is given is kept, so that a broker that was killed can be started again on it; clients are told the
 *   advertised port, that of a proxy for example; `secure` adds two ports that demand TLS (`secure.mjs`)
 * @returns {Promise<{ brokers: string, signed?: string, mutual?: string, dataDir: string, pid: number, stop(): Promise<void>, kill(): Promise<void> }>}
 */
export async function startKafka(options = {}) {
  need('java', ['-version'], 'the Kafka broker runs on Java 17');
  await fetchJars();
  if ((await readdir(libs)).length === 0) throw new Error(`${libs} is empty. Remove it and run this again.`);
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'parley-kafka-')));
  const logDir = join(dataDir, 'log');
  const port = options.port ?? (await freePort());
  const config = join(dataDir, 'server.properties');
  await mkdir(dataDir, { recursive: true });
  const advertised = options.advertisedPort ?? port;
  const secure = options.secure && (await secureListeners(options.secure, dataDir));
  await writeFile(config, properties({ port, advertised, controller: await freePort(), logDir, secure }));
  if (!existsSync(join(logDir, 'meta.properties'))) {
    const format = ['format', '-t', clusterId(), '-c', config];
    const { status, text } = await output(java('kafka.tools.StorageTool', [...format, ...scramOf(options.secure)]));
    if (status !== 0) throw new Error(`The Kafka log could not be formatted: ${text.slice(-1000)}`);
  }
  // A group of its own: Ctrl-C is for us, who then stop it in order.
  const child = java('kafka.Kafka', [config], { detached: true });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const guard = guardOf(child.pid);
  void exited.then(() => guard.kill('SIGKILL'));
  const end = async (signal) => {
    child.kill(signal);
    await exited;
    if (!options.dataDir) await rm(dataDir, { recursive: true, force: true });
  };
  await untilReady(child).catch(async (error) => {
    await end('SIGKILL');
    throw error;
  });
  return {
    brokers: `127.0.0.1:${port}`,
    ...(secure && { signed: `127.0.0.1:${secure.signed}`, mutual: `127.0.0.1:${secure.mutual}` }),
    dataDir,
    pid: child.pid,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const port = process.argv[2] ? Number(process.argv[2]) : undefined;
    const kafka = await startKafka({ port });
    console.log(kafka.brokers);
    for (const signal of ['SIGINT', 'SIGTERM'])
      process.once(signal, () => void kafka.stop().then(() => process.exit(0)));
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
