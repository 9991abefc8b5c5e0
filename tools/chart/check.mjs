// Everything that CI asks of the chart.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { root } from '../launcher/paths.mjs';
import { kubernetesVersions, schemas } from './kinds.mjs';
import { chartTools } from './tools.mjs';
import { valueProblems } from './values.mjs';

const chart = join(root, 'deploy/helm/parley');
const examples = readdirSync(join(chart, 'examples'));
const valuesOf = (example) => join(chart, 'examples', example, 'values.yaml');
const renderedOf = (example) => join(chart, 'examples', example, 'rendered.yaml');
const [oldest] = kubernetesVersions;

/** Runs a tool; its output when it fails. */
function run(tools, program, args, input) {
  const env = {
    ...process.env,
    HELM_CACHE_HOME: tools,
    HELM_CONFIG_HOME: tools,
    HELM_DATA_HOME: tools,
    KUBECONFIG: '/dev/null',
  };
  const { status, stdout, stderr, error } = spawnSync(join(tools, program), args, {
    cwd: root,
    env,
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (error) throw error;
  return { ok: status === 0, text: `${stdout}${status === 0 ? '' : stderr}` };
}

const outcome = ({ ok, text }) => (ok ? [] : text.trim().split('\n'));

function render(tools, example) {
  const args = [
    'template',
    'parley',
    chart,
    '--namespace',
    'parley',
    '--kube-version',
    oldest,
    '--values',
    valuesOf(example),
  ];
  const { ok, text } = run(tools, 'helm', args);
  if (!ok) throw new Error(`Example ${example} does not render: ${text}`);
  return text;
}

function lint(tools) {
  const each = examples.map((example) => [
    'lint',
    '--strict',
    '--quiet',
    '--kube-version',
    oldest,
    chart,
    '--values',
    valuesOf(example),
  ]);
  return each.flatMap((args) => outcome(run(tools, 'helm', args)));
}

function unitTests(tools) {
  return outcome(run(tools, 'helm-unittest', ['--strict', '--file', 'tests/*_test.yaml', chart]));
}

function conforms(tools) {
  const places = [`${schemas}/{{.NormalizedKubernetesVersion}}{{.StrictSuffix}}`, `${schemas}/custom`];
  const locations = places.flatMap((place) => ['-schema-location', `${place}/{{.ResourceKind}}{{.KindSuffix}}.json`]);
  return kubernetesVersions.flatMap((version) =>
    outcome(
      run(tools, 'kubeconform', ['-strict', '-kubernetes-version', version, ...locations, ...examples.map(renderedOf)]),
    ),
  );
}

function scores(tools) {
  const [major, minor] = oldest.split('.');
  return examples.flatMap((example) => {
    const args = ['score', '--kubernetes-version', `v${major}.${minor}`, '--output-format', 'ci', renderedOf(example)];
    return run(tools, 'kube-score', args)
      .text.split('\n')
      .filter((line) => line.startsWith('[CRITICAL]'))
      .map((line) => `${example}: ${line}`);
  });
}

function current(tools) {
  return examples.flatMap((example) => {
    if (render(tools, example) === readFileSync(renderedOf(example), 'utf8')) return [];
    return [`${example}: what is checked in is not what the chart renders; npm run helm:check -- --write`];
  });
}

function values() {
  const document = parseDocument(readFileSync(join(chart, 'values.yaml'), 'utf8'));
  return valueProblems(document, JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8')));
}

const checks = [
  ['values: schema and comments', values],
  ['helm lint --strict', lint],
  ['helm-unittest', unitTests],
  ['examples are current', current],
  [`kubeconform -strict, Kubernetes ${kubernetesVersions.join(' and ')}`, conforms],
  ['kube-score without criticals', scores],
];

/** Renders the examples anew, as they are checked in. */
export function writeExamples() {
  const tools = chartTools();
  for (const example of examples) writeFileSync(renderedOf(example), render(tools, example));
}

/** Runs every check and says what came of it. @returns {boolean} whether all is well */
export function checkChart() {
  const tools = chartTools();
  const failures = checks.map(([what, check]) => {
    const problems = check(tools);
    console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${what}`);
    for (const line of problems) console.log(`         ${line}`);
    return problems.length;
  });
  return failures.every((count) => count === 0);
}
