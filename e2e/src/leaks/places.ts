import { existsSync } from 'node:fs';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import pg from 'pg';
import type { System } from '../system.js';

/** Bytes in which nothing may be found, and where they come from. */
export interface Place {
  kind: string;
  name: string;
  bytes: Buffer;
}

/** The files of a folder and all below it. A file that goes away meanwhile was not there. */
export async function filesOf(kind: string, folder: string, skip: RegExp = /^$/): Promise<Place[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const places = names.map(async (name): Promise<Place[]> => {
    const file = join(folder, name);
    const about = await lstat(file).catch(() => undefined);
    if (!about?.isFile() || skip.test(name)) return [];
    const bytes = await readFile(file).catch(() => Buffer.alloc(0));
    return [{ kind, name: relative(folder, file), bytes }];
  });
  return (await Promise.all(places)).flat();
}

/** Where the embedded PostgreSQL keeps its cluster, and how its administrator gets in. */
export async function databaseOf(system: System): Promise<{ cluster: string; url: string; pid: number }> {
  const location = join(system.dataDir, 'postgres-location');
  const home = existsSync(location) ? (await readFile(location, 'utf8')).trim() : join(system.dataDir, 'postgres');
  const cluster = join(home, 'cluster');
  const [pid = '', , , port = ''] = (await readFile(join(cluster, 'postmaster.pid'), 'utf8')).split('\n');
  const password = (await readFile(join(system.dataDir, 'postgres-password'), 'utf8')).trim();
  const url = `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/parley`;
  return { cluster, url, pid: Number(pid) };
}

/** Every row of every table of ours as text, the roles, and what the server shows of running statements. */
export async function tablesOf(url: string): Promise<Place[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'leak-scan' });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `select format('%I.%I', n.nspname, c.relname) as name
         from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'm', 'p') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_'`,
    );
    const names = [...rows.map(({ name }) => name), 'pg_authid', 'pg_stat_activity', 'pg_statistic'];
    const places: Place[] = [];
    for (const name of names) {
      const found = await client.query<{ row: string }>(`select t::text as row from ${name} t`);
      places.push({ kind: 'tables', name, bytes: Buffer.from(found.rows.map(({ row }) => row).join('\n')) });
    }
    // What is in memory only would not be seen in the files.
    await client.query('checkpoint');
    return places;
  } finally {
    await client.end();
  }
}

/** Metrics and health of every process, as a scraper sees them now. */
export async function scrape(system: System): Promise<Place[]> {
  const pages = ['metrics', 'health/live', 'health/ready'];
  const wanted = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((offset) => pages.map((page) => `${system.ops(offset)}/${page}`));
  const places = wanted.map(async (url): Promise<Place[]> => {
    const body = await fetch(url)
      .then((response) => response.text())
      .catch(() => '');
    return [{ kind: 'metrics and health', name: url.replace(/^.*?:\d+\//, ''), bytes: Buffer.from(body) }];
  });
  return (await Promise.all(places)).flat();
}

/** Command lines of everything the system started: any user of the machine can read them. */
export async function commandLines(system: System): Promise<Place[]> {
  const { children } = JSON.parse(await readFile(join(system.dataDir, 'launcher.json'), 'utf8')) as {
    children: number[];
  };
  const lines = children.map((pid) => readFile(`/proc/${pid}/cmdline`).catch(() => Buffer.alloc(0)));
  return [{ kind: 'command lines', name: '/proc/*/cmdline', bytes: Buffer.concat(await Promise.all(lines)) }];
}

/** Everything a stopped or running system has on disk, and what its launcher said. */
export async function onDisk(system: System, cluster: string): Promise<Place[]> {
  const inside = relative(system.dataDir, dirname(cluster));
  const ours = inside.startsWith('..') ? /^$/ : new RegExp(`^${inside.replaceAll(/[^\w/-]/g, '.')}/`);
  const data = await filesOf('files of the data folder', system.dataDir, ours);
  const logs = data.filter(({ name }) => name.startsWith('logs/')).map((place) => ({ ...place, kind: 'logs' }));
  return [
    ...logs,
    ...data.filter(({ name }) => !name.startsWith('logs/')),
    { kind: 'logs', name: 'the launcher', bytes: Buffer.from(system.lines.join('\n')) },
    ...(await filesOf('files of the database cluster, WAL too', cluster)),
  ];
}
