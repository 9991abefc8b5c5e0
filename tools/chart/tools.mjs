// helm, helm-unittest, kubeconform and kube-score, built once from their modules (versions and checksums: go.mod and go.sum beside
// this file) and kept in .cache. As a program it builds them and says where they are.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { say } from '../launcher/prepare.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const cache = fileURLToPath(new URL('../../.cache/chart', import.meta.url));

/** Module folders, and what each builds. */
const modules = {
  helm: [
    'helm.sh/helm/v3/cmd/helm',
    'github.com/helm-unittest/helm-unittest/cmd/helm-unittest',
    'github.com/yannh/kubeconform/cmd/kubeconform',
  ],
  score: ['github.com/zegl/kube-score/cmd/kube-score'],
};

/** No toolchain is fetched behind our back, and go.sum decides what is built. */
const settings = { GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly -trimpath -buildvcs=false', CGO_ENABLED: '0' };

function go(args, cwd) {
  const env = { ...process.env, ...settings };
  // Others need the machine too: this takes minutes of all cores the first time.
  const done = spawnSync('nice', ['-n', '5', 'go', ...args], { cwd, env, encoding: 'utf8', maxBuffer: 1 << 26 });
  return { ...done, text: `${done.error?.message ?? ''}${done.stderr ?? ''}`.trim() };
}

function build(folder) {
  for (const [name, packages] of Object.entries(modules)) {
    const { status, text } = go(['build', '-ldflags=-s -w', '-o', `${folder}/`, ...packages], join(here, name));
    if (status !== 0) {
      throw new Error(
        `Go could not build the tools of the chart (tools/chart/${name}): ${text.split('\n').slice(-5).join('\n')}`,
      );
    }
  }
}

/**
 * The folder with the programs; builds them when this go.mod has not been built before.
 * @returns {string}
 * @throws Error that says what is missing: nothing is ever skipped in silence
 */
export function chartTools() {
  const hash = createHash('sha256');
  for (const name of Object.keys(modules)) {
    for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(join(here, name, file)));
  }
  const folder = join(cache, hash.digest('hex').slice(0, 16));
  if (existsSync(folder)) return folder;
  if (go(['version'], here).status !== 0) {
    throw new Error(
      'go is missing: it builds helm and the programs that check the chart. Install Go 1.26 or newer and run this again.',
    );
  }
  const began = Date.now();
  say('Building helm, helm-unittest, kubeconform and kube-score (once; some minutes) ...');
  const half = `${folder}.${process.pid}`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { recursive: true });
  try {
    build(half);
    renameSync(half, folder);
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    // A second process may have been faster.
    if (!existsSync(folder)) throw error;
  }
  say(`Building them took ${((Date.now() - began) / 1000).toFixed(0)} s`);
  return folder;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(chartTools());
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
