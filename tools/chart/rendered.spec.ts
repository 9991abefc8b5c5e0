import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configTable, loadConfig, type ConfigSchema, type Environment } from '@parley/config';
import { parseAllDocuments } from 'yaml';
import { root } from '../launcher/paths.mjs';

interface Env {
  name: string;
  value?: string;
  valueFrom?: { secretKeyRef?: { key: string; optional?: boolean } };
}
interface Port {
  name: string;
  containerPort: number;
}
interface Rule {
  ports?: { port: number }[];
  from?: Peer[];
  to?: Peer[];
}
interface Peer {
  podSelector?: { matchLabels?: Record<string, string> };
}
interface Rendered {
  kind: string;
  metadata: { name: string };
  data?: Record<string, string>;
  spec: { template: { spec: { containers: { env?: Env[]; ports?: Port[] }[] } }; ingress?: Rule[]; egress?: Rule[] };
}
interface Schemas {
  configSchema?: ConfigSchema;
  schema?: ConfigSchema;
  parseConfig?: (env: Environment) => unknown;
  PORT_OFFSET?: number;
}

const apps = readdirSync(join(root, 'apps'));
const folder = join(root, 'deploy/helm/parley/examples');
const examples = readdirSync(folder);

function read(example: string): Rendered[] {
  const text = readFileSync(join(folder, example, 'rendered.yaml'), 'utf8');
  return parseAllDocuments(text).flatMap((document) => (document.toJSON() as Rendered | null) ?? []);
}

const named = (objects: Rendered[], kind: string, name: string): Rendered | undefined =>
  objects.find((object) => object.kind === kind && object.metadata.name === `parley-${name}`);

/** What a Secret may hold, by its key. */
const secrets: Record<string, string> = {
  'app-secret': 'a secret of the app',
  'verify-token': 'a token',
  'access-token': 'another token',
  'admin-password': 'not the known one',
};

function environmentOf(objects: Rendered[], name: string, file: string): Record<string, string> {
  const env: Record<string, string> = { ...named(objects, 'ConfigMap', name)?.data };
  for (const one of named(objects, 'Deployment', name)?.spec.template.spec.containers[0]?.env ?? []) {
    const secret = one.valueFrom?.secretKeyRef;
    if (secret?.optional) continue;
    const value = secret ? (secrets[secret.key] ?? 'password') : (one.value ?? 'a-pod');
    env[one.name] = value.replaceAll(/\$\(([A-Z_]+)\)/g, (_, other: string) => env[other] ?? '');
  }
  for (const [key, value] of Object.entries(env)) if (key.endsWith('_FILE')) env[key] = value && file;
  return env;
}

const settingsOf = async (app: string): Promise<Schemas> =>
  (await import(join(root, 'apps', app, 'src/config.ts'))) as Schemas;

/** Components that a policy names, by port, where the rule is about our own pods. */
function edges(rules: Rule[] = [], side: 'from' | 'to'): Set<string> {
  const one = (rule: Rule): string[] =>
    (rule[side] ?? []).flatMap((peer) => {
      const component = peer.podSelector?.matchLabels?.['app.kubernetes.io/component'];
      return component ? (rule.ports ?? []).map(({ port }) => `${component}:${port}`) : [];
    });
  return new Set(rules.flatMap(one));
}

describe.each(examples)('the rendered example %s', (example) => {
  const objects = read(example);
  const running = apps.filter((app) => named(objects, 'Deployment', app));
  let scratch = '';
  let file = '';
  beforeAll(() => {
    scratch = mkdtempSync(join(tmpdir(), 'parley-chart-'));
    file = join(scratch, 'file');
    writeFileSync(file, '');
  });
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  it('runs every service, and the simulator only where it may', () => {
    const production = named(objects, 'ConfigMap', 'gateway')?.data?.['NODE_ENV'] === 'production';
    expect(running).toEqual(apps.filter((app) => app !== 'simulator' || !production));
  });

  it.each(running)('gives %s settings that it knows and takes', async (app) => {
    const env = environmentOf(objects, app, file);
    const { configSchema, schema, parseConfig } = await settingsOf(app);
    const all = configSchema ?? schema ?? {};
    expect(configTable(all)).toContain('LOG_LEVEL');
    const ours = Object.keys(env).filter((name) => !/^(NODE_ENV|OTEL_.*|POD_NAME|DATABASE_PASSWORD)$/.test(name));
    expect(ours.filter((name) => !(name in all))).toEqual([]);
    expect(() => (parseConfig ? parseConfig(env) : loadConfig(all, env))).not.toThrow();
  });

  it.each(running.filter((app) => app !== 'simulator'))('knows where %s listens', async (app) => {
    const { configSchema = {}, PORT_OFFSET: offset = Number.NaN } = await settingsOf(app);
    const containers = named(objects, 'Deployment', app)?.spec.template.spec.containers ?? [];
    const ports = new Map(containers[0]?.ports?.map(({ name, containerPort }) => [name, containerPort]));
    const base = (name: string): number => Number(configSchema[name]?.fallback);
    expect(ports.get('ops')).toBe(base('OPS_PORT_BASE') + offset);
    expect(ports.get('grpc')).toBe('GRPC_TLS_CALLERS' in configSchema ? base('GRPC_PORT_BASE') + offset : undefined);
    const http = configSchema['GATEWAY_PORT'] ?? configSchema['DESK_PORT'];
    expect(ports.get('http')).toBe(http && Number(http.fallback));
  });

  it.each(running)('lets in to %s by gRPC those whom it answers, who all may go there', async (app) => {
    const { configSchema = {} } = await settingsOf(app);
    const listed = named(objects, 'ConfigMap', app)?.data?.['GRPC_TLS_CALLERS']?.split(',') ?? [];
    // All services run here, so the lists have to be those that the services have by themselves.
    expect(listed.sort()).toEqual((configSchema['GRPC_TLS_CALLERS']?.fallback?.split(',') ?? []).sort());
    const policy = named(objects, 'NetworkPolicy', app)?.spec;
    const callers = [...edges(policy?.ingress, 'from')].filter((edge) => /:500\d\d$/.test(edge));
    expect(callers.map((edge) => edge.split(':')[0]?.replace(/^operator$/, 'parley-operator')).sort()).toEqual(listed);
    for (const edge of callers.filter((one) => !one.startsWith('operator:'))) {
      const [caller = '', port] = edge.split(':');
      expect(edges(named(objects, 'NetworkPolicy', caller)?.spec.egress, 'to')).toContain(`${app}:${port}`);
    }
  });

  it('lets nobody out to a service that does not let them in', () => {
    for (const app of running) {
      for (const edge of edges(named(objects, 'NetworkPolicy', app)?.spec.egress, 'to')) {
        const [called = '', port] = edge.split(':');
        expect(edges(named(objects, 'NetworkPolicy', called)?.spec.ingress, 'from')).toContain(`${app}:${port}`);
      }
    }
  });
});
