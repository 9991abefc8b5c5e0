// The environment every service gets.
import { ports, services } from './services.mjs';

/** The keys a clone has made for itself, where the environment brings none. */
function ownKeys(env, { masterKey, auditSigningKey }) {
  return {
    ...(env.AUDIT_SIGNING_KEY || env.AUDIT_SIGNING_KEY_FILE ? {} : { AUDIT_SIGNING_KEY: auditSigningKey }),
    ...(env.PARLEY_MASTER_KEY || env.PARLEY_MASTER_KEY_FILE ? {} : { PARLEY_MASTER_KEY: masterKey }),
  };
}

/** What the services' settings can be checked in while there is no database yet: some other stands in for it. */
export function environmentToCheck(env, secrets) {
  return { ...env, DATABASE_URL: env.DATABASE_URL || 'postgres://127.0.0.1/parley', ...ownKeys(env, secrets) };
}

/** What the services share; each reads its own part. */
export function serviceEnvironment({ env, urls, secrets }) {
  const { gateway, desk, simulator, opsBase, grpcBase } = ports(env);
  const shared = { ...env };
  // A service must not hold an administrator's URL, only its own role's; who needs one for the keys gets it by itself.
  delete shared.DATABASE_URL;
  delete shared.VAULT_DATABASE_URL;
  return {
    ...shared,
    ...urls,
    GATEWAY_PORT: String(gateway),
    DESK_PORT: String(desk),
    SIMULATOR_PORT: String(simulator),
    OPS_PORT_BASE: String(opsBase),
    GRPC_PORT_BASE: String(grpcBase),
    ...ownKeys(env, secrets),
  };
}

/** What one service gets of it: the key that signs evidence is for the audit service alone. */
export function ownEnvironment(environment, name) {
  if (name === 'audit-service') return environment;
  const { AUDIT_SIGNING_KEY: _key, ...own } = environment;
  return own;
}

/** Distance between the ports of a service's first process and those of its next replica. */
const REPLICA_STEP = 100;

/**
 * The environment of a further replica of a service: ports of its own, and the addresses of the others said explicitly,
 * since they no longer follow from its own ports.
 */
export function replicaEnvironment(environment, replica) {
  if (replica === 0) return environment;
  const { gateway, opsBase, grpcBase } = ports(environment);
  const shift = replica * REPLICA_STEP;
  const addresses = services.map(({ name, port }) => {
    const setting = `${name.split('-')[0].toUpperCase()}_GRPC_URL`;
    return [setting, environment[setting] || `127.0.0.1:${grpcBase + port}`];
  });
  return {
    ...environment,
    ...Object.fromEntries(addresses),
    GATEWAY_PORT: String(gateway + shift),
    OPS_PORT_BASE: String(opsBase + shift),
    GRPC_PORT_BASE: String(grpcBase + shift),
  };
}

/** `gateway=2,conversation-service=2` as a map; every other service runs once. @throws for a name or number that is wrong */
export function replicaCounts(text = '') {
  const counts = new Map();
  for (const part of text.split(',').filter(Boolean)) {
    const [name, count] = part.split('=');
    if (!services.some((service) => service.name === name) || !/^[1-9]$/.test(count ?? '')) {
      throw new Error('PARLEY_REPLICAS: must look like gateway=2,conversation-service=2 (service names, 1 to 9 each).');
    }
    counts.set(name, Number(count));
  }
  return counts;
}
