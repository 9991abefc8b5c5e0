// Writes tools/chart/schemas anew: what kubeconform holds the rendered chart against. Only needed for another version of
// Kubernetes or of an operator; wants pip, unzip and Go. The schemas are Kubernetes' own (package kubernetes-validate) and those in
// the CRDs of the operators' modules, without descriptions and cut down to the kinds the chart makes.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { crdKinds, kinds, kubernetesVersions, schemas } from './kinds.mjs';

const PACKAGE = 'kubernetes-validate==1.37.0';
const SOURCES = {
  'github.com/prometheus-operator/prometheus-operator@v0.85.0':
    'example/prometheus-operator-crd/monitoring.coreos.com_',
  'github.com/cert-manager/cert-manager@v1.21.2': 'deploy/crds/cert-manager.io_',
};

const REFERENCE = '/api/_definitions.json#/$defs/';
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** Without what only people read; references point beside the file. */
function lean(value) {
  if (Array.isArray(value)) return value.map(lean);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(
    ([name, inner]) =>
      !(['$schema', '$id', 'id', 'example'].includes(name) || (name === 'description' && typeof inner === 'string')) &&
      !name.startsWith('x-kubernetes-'),
  );
  return Object.fromEntries(
    entries.map(([name, inner]) => [name, name === '$ref' ? inner.replace('/api/', '') : lean(inner)]),
  );
}

function referencesOf(text) {
  return [...text.matchAll(/"(?:\/api\/)?_definitions\.json#\/\$defs\/([^"]+)"|"#\/\$defs\/([^"]+)"/g)].map(
    ([, a, b]) => a ?? b,
  );
}

function kubernetes(version, folder, target) {
  const { $defs } = read(join(folder, '_definitions.json'));
  const files = kinds.map((kind) => [kind, read(join(folder, `${kind}.json`))]);
  const needed = new Set(files.flatMap(([, schema]) => referencesOf(JSON.stringify(schema))));
  for (const name of needed) for (const more of referencesOf(JSON.stringify($defs[name]))) needed.add(more);
  const kept = Object.fromEntries([...needed].sort().map((name) => [name, lean($defs[name])]));
  mkdirSync(target, { recursive: true });
  for (const [kind, schema] of files) writeFileSync(join(target, `${kind}.json`), JSON.stringify(lean(schema)));
  writeFileSync(
    join(target, '_definitions.json'),
    JSON.stringify({ $defs: kept }).replaceAll(REFERENCE, '#/$defs/').replaceAll('"_definitions.json#', '"#'),
  );
}

/** A field that is not in the schema is a mistake, unless the CRD keeps what it does not know. */
function strict(schema) {
  if (schema === null || typeof schema !== 'object') return schema;
  if (Array.isArray(schema)) return schema.map(strict);
  const copy = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, strict(value)]));
  const open = schema['x-kubernetes-preserve-unknown-fields'] || schema.additionalProperties !== undefined;
  return schema.type === 'object' && schema.properties && !open ? { ...copy, additionalProperties: false } : copy;
}

function customResources(target) {
  mkdirSync(target, { recursive: true });
  for (const [module, prefix] of Object.entries(SOURCES)) {
    const { Dir } = JSON.parse(execFileSync('go', ['mod', 'download', '-json', module], { encoding: 'utf8' }));
    for (const [plural, kind] of crdKinds.filter(([, , group]) => prefix.endsWith(`${group}_`))) {
      const [crd] = parseAllDocuments(readFileSync(join(Dir, `${prefix}${plural}.yaml`), 'utf8'))
        .map((one) => one.toJSON())
        .filter(Boolean);
      const { name, schema } = crd.spec.versions.find(({ storage }) => storage);
      const whole = strict(schema.openAPIV3Schema);
      whole.properties.metadata = { type: 'object' };
      writeFileSync(join(target, `${kind}-${name}.json`), JSON.stringify(lean(whole)));
    }
  }
}

const scratch = mkdtempSync(join(tmpdir(), 'parley-schemas-'));
try {
  execFileSync('pip', ['download', '--quiet', '--no-deps', '--dest', scratch, PACKAGE], { stdio: 'inherit' });
  execFileSync('sh', ['-c', 'unzip -q *.whl'], { cwd: scratch, stdio: 'inherit' });
  rmSync(schemas, { recursive: true, force: true });
  for (const version of kubernetesVersions) {
    const folder = join(scratch, 'kubernetes_validate/kubernetes-json-schema', `v${version}-local-strict`);
    kubernetes(version, folder, join(schemas, `v${version}-strict`));
  }
  customResources(join(schemas, 'custom'));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
