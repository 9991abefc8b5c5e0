// Stage two of `npm start`, on Node 24: Postgres, migrations, one process per service, one line when all are ready.
import './node24-only.mjs';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isReady, launcherProblems, oncePerSetting, settingProblems, settingsMessage, takenPorts } from './checks.mjs';
import { prepareDatabases, startEmbedded } from './database.mjs';
import {
  environmentToCheck,
  ownEnvironment,
  replicaCounts,
  replicaEnvironment,
  serviceEnvironment,
} from './environment.mjs';
import { clearLeftovers, remember } from './leftovers.mjs';
import { dataDir, root } from './paths.mjs';
import { needsShared } from './placement.mjs';
import { localSecrets } from './secrets.mjs';
import { ports, services } from './services.mjs';
import { Supervisor } from './supervisor.mjs';

/**
 * Nine processes on one small machine: a smaller nursery and no source maps (the build mirrors the sources file by file) save a
 * third of the memory of all of them together.
 */
const NODE_OPTIONS = ['--max-semi-space-size=8'];
/** Together with the time that Postgres has to stop, less than the ten seconds that a stop may take. */
const SERVICE_GRACE_MS = 5000;
const env = process.env;
const folder = dataDir(env);
const say = (line) => console.log(line);
const at = ports(env);
const simulatorOn = env.SIMULATOR !== 'off';
const running = [];
let postgres;
let stopping;
let ready = false;
let blamed;

process.on('SIGINT', () => void stop(0));
process.on('SIGTERM', () => void stop(0));
process.on('SIGHUP', () => void stop(0));

/** Services first, then Postgres; a second call waits for the first. */
function stop(code) {
  stopping ??= (async () => {
    await Promise.all(running.map((supervisor) => supervisor.stop(SERVICE_GRACE_MS)));
    await postgres?.stop();
    process.exit(code);
  })();
  return stopping;
}

async function openDatabase() {
  if (env.DATABASE_URL || !needsShared(env)) return env.DATABASE_URL;
  postgres = await startEmbedded(folder, () => undefined);
  void keepPostgres(postgres.port);
  return postgres.url;
}

/** A database server that dies is started again, on the port the services know. */
async function keepPostgres(port) {
  for (let pause = 100; ; pause = Math.min(pause * 2, 5000)) {
    await postgres.exited;
    if (stopping) return;
    await sleep(pause);
    try {
      postgres = await startEmbedded(folder, () => undefined, port);
      say('started again: postgres');
      pause = 50;
    } catch (error) {
      say(`Postgres does not start: ${error.message}`);
    }
  }
}

/**
 * A service that dies at once may not like its settings: then those of all services are looked at, all that is wrong is listed,
 * and Parley stops, since nothing gets better by trying again.
 * @returns {Promise<boolean>} whether the settings are to blame
 */
function settingsToBlame(environment) {
  if (ready || stopping) return Promise.resolve(Boolean(stopping));
  blamed ??= settingProblems(environment).then((problems) => {
    if (problems.length === 0 || stopping) return Boolean(stopping);
    console.error(settingsMessage(problems));
    void stop(1);
    return true;
  });
  return blamed;
}

/** Every process of every service, with the ports it listens on. */
function instances(counts, environment) {
  return services.flatMap(({ name, port }) =>
    Array.from({ length: counts.get(name) ?? 1 }, (_, replica) => {
      const { gateway, opsBase, grpcBase } = ports(replicaEnvironment(environment, replica));
      return { name, replica, gateway, ops: opsBase + port, grpc: grpcBase + port };
    }),
  );
}

/** The ports Parley will listen on, by the setting that moves them. */
function portsWanted(counts) {
  const wanted = [['DESK_PORT', at.desk]];
  if (simulatorOn) wanted.push(['SIMULATOR_PORT', at.simulator]);
  for (const { name, gateway, ops, grpc } of instances(counts, env)) {
    if (name === 'gateway') wanted.push(['GATEWAY_PORT', gateway]);
    wanted.push(['OPS_PORT_BASE', ops]);
    if (name !== 'desk') wanted.push(['GRPC_PORT_BASE', grpc]);
  }
  return wanted;
}

/** Before anything is started: what is wrong at first sight, and if there is anything, all the rest too. */
async function refuseSettings(secrets) {
  const found = launcherProblems(env);
  const counts = found.length > 0 ? new Map() : replicaCounts(env.PARLEY_REPLICAS);
  found.push(...(await takenPorts(portsWanted(counts))));
  if (found.length === 0) return counts;
  const rest = await settingProblems(environmentToCheck(env, secrets));
  throw new Error(settingsMessage(oncePerSetting([...found, ...rest])));
}

/** Every database ready for its services; one that cannot be had is told together with all that is wrong besides. */
async function openDatabases(secrets) {
  try {
    const sharedUrl = await openDatabase();
    const { passwords } = secrets;
    return await prepareDatabases({ env, sharedUrl, passwords, embedded: postgres && folder });
  } catch (error) {
    const rest = await settingProblems(environmentToCheck(env, secrets));
    throw rest.length === 0 ? error : new Error(`${error.message}\n${settingsMessage(rest)}`);
  }
}

function supervisorOf(name, environment, replica = 0) {
  const label = replica === 0 ? name : `${name}-${replica + 1}`;
  return new Supervisor({
    name: label,
    command: process.execPath,
    args: [...NODE_OPTIONS, '--import', '@parley/telemetry/register', join(root, 'apps', name, 'dist/main.js')],
    env: { ...replicaEnvironment(ownEnvironment(environment, name), replica), OTEL_SERVICE_NAME: name },
    cwd: root,
    logFile: join(folder, 'logs', `${label}.log`),
    say,
    explained: () => settingsToBlame(environment),
    changed: () =>
      remember(
        folder,
        running.map((supervisor) => supervisor.pid),
      ),
  });
}

async function whenReady(probes) {
  const began = Date.now();
  let told = began;
  const waiting = new Map(probes);
  while (waiting.size > 0 && !stopping) {
    for (const [name, url] of [...waiting]) if (await isReady(url)) waiting.delete(name);
    if (waiting.size > 0) await sleep(50);
    if (Date.now() - told > 15_000) {
      told = Date.now();
      say(`waiting for ${[...waiting.keys()].join(', ')} (logs: ${join(folder, 'logs')})`);
    }
  }
}

async function main() {
  mkdirSync(folder, { recursive: true });
  await clearLeftovers(folder);
  const secrets = localSecrets(folder);
  const counts = await refuseSettings(secrets);
  const { urls, vaultUrls } = await openDatabases(secrets);
  const environment = serviceEnvironment({ env, urls, secrets });
  const probes = [];
  for (const { name, replica, ops } of instances(counts, environment)) {
    const keys = vaultUrls[name] ? { VAULT_DATABASE_URL: vaultUrls[name] } : {};
    const supervisor = supervisorOf(name, { ...environment, ...keys }, replica);
    running.push(supervisor);
    probes.push([supervisor.name, `http://127.0.0.1:${ops}/health/ready`]);
  }
  if (simulatorOn) {
    // Meta is not part of our traces, and its paths hold phone numbers.
    running.push(supervisorOf('simulator', { ...environment, OTEL_SDK_DISABLED: 'true' }));
    probes.push(['simulator', `http://127.0.0.1:${at.simulator}/health/ready`]);
  }
  for (const supervisor of running) supervisor.start();
  await whenReady(probes);
  const simulator = simulatorOn ? `http://127.0.0.1:${at.simulator}` : '-';
  ready = true;
  if (!stopping) say(`Parley is ready: http://127.0.0.1:${at.desk} ${simulator}`);
}

try {
  await main();
} catch (error) {
  console.error(error.message);
  await stop(1);
}
