// The services, and where each listens. One place for the launcher, the tests and the commands.

/** In the order they are started; `port` is the offset from GRPC_PORT_BASE and OPS_PORT_BASE. `keys`: encrypts, so it needs the vault. */
export const services = [
  { name: 'intent-service', port: 2 },
  { name: 'erp-bridge', port: 4, schema: 'erp', keys: true },
  { name: 'crm-bridge', port: 3, schema: 'crm', keys: true },
  { name: 'consent-service', port: 5, schema: 'consent', keys: true },
  { name: 'gateway', port: 0, schema: 'gateway', keys: true },
  { name: 'conversation-service', port: 1, schema: 'conversation', keys: true },
  { name: 'audit-service', port: 6, schema: 'audit', keys: true },
  { name: 'desk', port: 7, schema: 'desk' },
];

const number = (value, fallback) => Number(value || fallback);

/** Ports of the operating contract, with what the environment says otherwise. */
export function ports(env = process.env) {
  return {
    gateway: number(env.GATEWAY_PORT, 8080),
    desk: number(env.DESK_PORT, 8081),
    simulator: number(env.SIMULATOR_PORT, 8090),
    opsBase: number(env.OPS_PORT_BASE, 9460),
    grpcBase: number(env.GRPC_PORT_BASE, 50050),
  };
}

/** Name of the environment variable that holds a service's own database URL. */
export const databaseVariable = ({ schema }) => `${schema.toUpperCase()}_DATABASE_URL`;
