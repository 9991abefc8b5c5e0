import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { embeddedFailure } from './embedded-failure.js';

const exec = promisify(execFile);

/** The account PostgreSQL runs under, since it refuses root. Undefined fields mean: this process's own account. */
export interface Account {
  uid?: number;
  gid?: number;
}

const OWN_ACCOUNT = 'parley-postgres';

/** Ours first, so that a data folder keeps its owner once the account was made; then those most systems have. */
const CANDIDATES = [OWN_ACCOUNT, 'postgres', 'nobody'];

/** Ways to make a system account: shadow-utils, then BusyBox. */
const MAKERS: [string, string[]][] = [
  ['useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', OWN_ACCOUNT]],
  ['adduser', ['-S', '-D', '-H', '-s', '/sbin/nologin', OWN_ACCOUNT]],
];

/**
 * This process's own account, unless it is root: then an unprivileged one that exists, or one made now.
 * @throws AppError FAILED_PRECONDITION `POSTGRES.NO_ACCOUNT`
 */
export async function unprivilegedAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) return {};
  const found = await findAccount(CANDIDATES);
  if (found) return found;
  for (const [command, args] of MAKERS) await exec(command, args).catch(() => undefined);
  const made = await findAccount([OWN_ACCOUNT]);
  if (made) return made;
  const todo = `Run "useradd --system ${OWN_ACCOUNT}", or start Parley as another user than root.`;
  throw embeddedFailure('NO_ACCOUNT', `PostgreSQL refuses to run as root and no other account was found. ${todo}`);
}

async function findAccount(wanted: readonly string[]): Promise<Account | undefined> {
  const text = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const lines = text.split('\n').map((line) => line.split(':'));
  const accounts = wanted.flatMap((name) => lines.filter((fields) => fields[0] === name));
  const usable = accounts.map((fields) => ({ uid: Number(fields[2]), gid: Number(fields[3]) }));
  return usable.find(({ uid, gid }) => uid > 0 && gid > 0);
}

/** Whether the account can enter a folder, through all its parents. Asked of the system itself: modes are not all there is. */
export async function canEnter(account: Account, folder: string): Promise<boolean> {
  if (account.uid === undefined) return true;
  const entered = exec('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...account, cwd: '/' });
  return entered.then(
    () => true,
    () => false,
  );
}
