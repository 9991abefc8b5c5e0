// The running audit service, found by the same environment as npm start.
import { audit } from '@parley/contracts';
import { loadConfig } from '@parley/config';
import { grpcClient, grpcTls, grpcTlsSettings } from '@parley/grpc';
import { ports } from '../launcher/services.mjs';

/** Reading a large trail takes its time; the service answers when it has read all of it. */
const PATIENCE_MS = 60 * 60_000;

/** An error that says what to do, without a stack. */
export function expected(message, usage = false) {
  return Object.assign(new Error(message), { expected: true, usage });
}

/** Runs `work` with a client of the service, and closes it. */
export async function connect(work) {
  const address = process.env.AUDIT_GRPC_URL || `127.0.0.1:${ports().grpcBase + 6}`;
  const tls = grpcTls(loadConfig(grpcTlsSettings, process.env));
  const client = grpcClient(audit.AuditServiceClient, address, {
    deadlineMs: PATIENCE_MS,
    tls,
    server: 'audit-service',
  });
  try {
    return await work(client);
  } catch (error) {
    if (error.code !== 'UNAVAILABLE') throw error;
    throw expected(`The audit service does not answer at ${address}. Start Parley (npm start), or set AUDIT_GRPC_URL.`);
  } finally {
    client.close();
  }
}
