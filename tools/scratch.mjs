// Data folders of tests and benchmarks.
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A new folder for a system that is thrown away. Postgres, which for root runs under an account of its own, can enter it: so its cluster
 * lies inside and goes with the folder, and not in the machine's own place for clusters, where nobody would remove it.
 */
export function scratchFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `parley-${name}-`));
  chmodSync(folder, 0o711);
  return folder;
}
