// Where things are in this clone; every tool asks here.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
export const nodeModules = join(root, 'node_modules');
/** Node 24 from the npm package `node`; the machine's own Node may be older. */
export const node24 = join(nodeModules, 'node/bin/node');

/** The folder that keeps data between starts. */
export const dataDir = (env = process.env) => resolve(root, env.PARLEY_DATA_DIR || '.data');

export const has = (path) => existsSync(join(root, path));
