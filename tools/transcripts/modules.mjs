// The services' modules a transcript is played on. Services never import each other; what puts them together stands outside.
const FILES = {
  conversation: {
    app: 'conversation-service',
    files: [
      'app.module',
      'domain/content-snapshot',
      'domain/transcript',
      'inbound/messages.events',
      'migrations/index',
      'outbound/content/content-folder',
      'outbound/grpc/grpc-consent',
      'outbound/grpc/grpc-customers',
      'outbound/grpc/grpc-orders',
      'outbound/grpc/grpc-understander',
      'usecases/content-brain',
      'usecases/play-transcript',
      'usecases/rescue-dead-letter',
    ],
  },
  intent: { app: 'intent-service', files: ['app.module', 'inbound/intent.grpc'] },
  crm: {
    app: 'crm-bridge',
    files: ['app.module', 'inbound/crm.grpc', 'migrations/index', 'usecases/load-customers', 'usecases/open-ticket'],
  },
  erp: { app: 'erp-bridge', files: ['app.module', 'inbound/erp.grpc', 'migrations/index', 'usecases/import-records'] },
  consent: {
    app: 'consent-service',
    files: [
      'inbound/consent.grpc',
      'inbound/whatsapp-inbound.events',
      'migrations/index',
      'outbound/postgres/postgres-ledger',
      'outbound/vault/vault-persons',
      'usecases/check-consent',
      'usecases/list-entries',
      'usecases/record-consent',
      'usecases/take-inbound',
    ],
  },
};

const apps = new URL('../../apps/', import.meta.url);

/** Imports a file of a service as it was built. */
export const fromBuild = (app, file) => import(new URL(`${app}/dist/${file}.js`, apps).href);

/** Imports a file of a service from its source, where something compiles it on the way (jest). */
export const fromSource = (app, file) => import(new URL(`${app}/src/${file}.ts`, apps).pathname);

/**
 * The exports of each service's files, by the service's short name.
 * @returns {Promise<Record<string, any>>}
 */
export async function loadModules(load) {
  const loaded = {};
  for (const [name, { app, files }] of Object.entries(FILES)) {
    const modules = [];
    for (const file of files) modules.push(await load(app, file));
    loaded[name] = Object.assign({}, ...modules);
  }
  return loaded;
}

/** Schemas of the services that keep something. */
export function schemasOf(modules) {
  return ['conversation', 'crm', 'erp', 'consent'].map((name) => ({
    name: FILES[name].app,
    schema: name,
    role: `parley_${name}`,
    migrations: modules[name].migrations,
  }));
}
