import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { ResponderBuilder, ServerInterceptingCall, ServerListenerBuilder, type ServerInterceptor } from '@grpc/grpc-js';
import { AppError } from '@parley/errors';
import { toStatus } from './status.js';

/** Thrown when a caller's certificate is good, and its name is not on this service's list. */
function callerRefused(): AppError {
  const message = 'No name of the certificate is among the callers of this service (GRPC_TLS_CALLERS).';
  return new AppError({ code: 'PERMISSION_DENIED', reason: 'GRPC.CALLER_REFUSED', message });
}

/** Health is for everybody who has a certificate. */
const HEALTH = '/grpc.health.v1.Health/';

// Node's own comparison of names with a certificate: it knows how names are quoted, and asks for the common name only where
// there are no others.
const isCalled = (name: string, certificate: PeerCertificate): boolean =>
  checkServerIdentity(name, certificate) === undefined;

/**
 * Lets callers in whose certificate has one of these names (a DNS name of it, else its common name); others get PERMISSION_DENIED
 * `GRPC.CALLER_REFUSED`, and `onRefused` the names of their certificate.
 */
export function admitOnly(
  callers: readonly string[],
  onRefused?: (names: string, method: string) => void,
): ServerInterceptor {
  return ({ path }, call) => {
    const certificate = call.getAuthContext().sslPeerCertificate;
    if (certificate && (path.startsWith(HEALTH) || callers.some((name) => isCalled(name, certificate)))) {
      return new ServerInterceptingCall(call);
    }
    const names = certificate?.subjectaltname ?? String(certificate?.subject.CN ?? '');
    const listener = new ServerListenerBuilder()
      .withOnReceiveMetadata(() => {
        onRefused?.(names, path);
        call.sendStatus(toStatus(callerRefused()));
      })
      .build();
    return new ServerInterceptingCall(call, new ResponderBuilder().withStart((next) => next(listener)).build());
  };
}
