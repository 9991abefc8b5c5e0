import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfigSchema } from '@parley/config';
import { root } from '../launcher/paths.mjs';

/** Whoever runs Parley's own commands has a certificate for this name. */
const OPERATOR = 'parley-operator';

const apps = readdirSync(join(root, 'apps'));

function sourcesOf(folder: string): string[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => /\.(ts|mjs)$/.test(file) && !/\.spec\.ts$/.test(file))
    .map((file) => readFileSync(join(root, folder, file), 'utf8'));
}

/** The services whose clients are made in a folder, by the names their certificates must have. */
function calledFrom(folder: string): Set<string> {
  const sources = sourcesOf(folder).filter((source) => source.includes('grpcClient('));
  return new Set(
    sources.flatMap((source) => [...source.matchAll(/server: '([a-z-]+)'/g)].map(([, name]) => name ?? '')),
  );
}

const calls = new Map([
  ...apps.map((app): [string, Set<string>] => [app, calledFrom(`apps/${app}/src`)]),
  [OPERATOR, new Set([...calledFrom('tools/commands'), ...calledFrom('tools/audit')])] as [string, Set<string>],
]);

describe('the callers that a service answers', () => {
  const serving = apps.filter((app) =>
    readFileSync(join(root, 'apps', app, 'src/config.ts'), 'utf8').includes('grpcCallers('),
  );

  it('are looked at for every service with gRPC', () => {
    expect(serving).toHaveLength(7);
    expect(
      [...new Set([...calls.values()].flatMap((names) => [...names]))].every((name) => serving.includes(name)),
    ).toBe(true);
  });

  it.each(serving)('are those that call it: apps/%s', async (app) => {
    const { configSchema } = (await import(join(root, 'apps', app, 'src/config.ts'))) as { configSchema: ConfigSchema };
    const listed = configSchema['GRPC_TLS_CALLERS']?.fallback?.split(',') ?? [];
    const callers = [...calls].flatMap(([caller, called]) => (called.has(app) ? [caller] : []));
    // Nobody but an operator with a tool of their own asks the gateway.
    expect(listed.sort()).toEqual((callers.length > 0 ? callers : [OPERATOR]).sort());
  });
});
