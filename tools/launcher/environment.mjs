// The environment every service gets.
import { ports } from './services.mjs';

/** What the services share; each reads its own part. */
export function serviceEnvironment({ env, urls, masterKey }) {
  const { gateway, desk, simulator, opsBase, grpcBase } = ports(env);
  const shared = { ...env };
  // A service must not hold the administrator's URL, only its own role's.
  delete shared.DATABASE_URL;
  return {
    ...shared,
    ...urls,
    GATEWAY_PORT: String(gateway),
    DESK_PORT: String(desk),
    SIMULATOR_PORT: String(simulator),
    OPS_PORT_BASE: String(opsBase),
    GRPC_PORT_BASE: String(grpcBase),
    ...(env.PARLEY_MASTER_KEY || env.PARLEY_MASTER_KEY_FILE ? {} : { PARLEY_MASTER_KEY: masterKey }),
  };
}
