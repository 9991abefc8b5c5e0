import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import {
  credentials,
  experimental,
  type ChannelCredentials,
  type ServerCredentials,
  type ServerInterceptor,
} from '@grpc/grpc-js';
import { AppError } from '@parley/errors';
import { gauge } from '@parley/telemetry';

/** PEM files of one process. */
export interface TlsPaths {
  /** CAs whose certificates are believed, on both sides. */
  ca: string;
  /** The certificate this process shows, as a server and as a client. */
  cert: string;
  key: string;
}

/** What may be told differently. */
export interface TlsOptions {
  /** How often the files are looked at. */
  refreshMs?: number;
  /** Told when renewed files cannot be used; the ones before stay in use. */
  onProblem?: (problem: AppError) => void;
}

type Material = Record<keyof TlsPaths, Buffer>;

const REFRESH_MS = 10_000;
const ONE_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Thrown when files with certificates are missing, hold none, or do not belong together. */
function badCertificates(cause: unknown): AppError {
  const message =
    'The certificates for gRPC cannot be used: GRPC_TLS_CA_FILE, GRPC_TLS_CERT_FILE and GRPC_TLS_KEY_FILE must be PEM files, and the key that of the certificate.';
  return new AppError({ code: 'FAILED_PRECONDITION', reason: 'GRPC.BAD_CERTIFICATES', message, cause });
}

/** Renewal that has stopped is seen here before the certificate is over. */
function showExpiry(cert: Buffer): void {
  const name = 'parley_grpc_certificate_expires_seconds';
  const help = 'When the certificate this process shows over gRPC expires (Unix time).';
  gauge(name, help).set(new X509Certificate(cert).validToDate.getTime() / 1000);
}

/** @throws whatever TLS itself does not like; a CA that is none would be passed over in silence */
function check({ ca, cert, key }: Material): void {
  const authorities = ca.toString('latin1').match(ONE_CERTIFICATE) ?? [];
  if (authorities.length === 0) throw new Error('There is no certificate of a CA.');
  for (const authority of authorities) new X509Certificate(authority);
  createSecureContext({ ca, cert, key });
}

/**
 * Certificates of a process for gRPC, both ways: it shows its own, and believes those that its CAs signed. The files are looked at
 * again and again, so renewed certificates and CAs are used by the next connection, without a restart.
 */
export class GrpcTls implements experimental.CertificateProvider {
  readonly #paths: TlsPaths;
  readonly #options: TlsOptions;
  readonly #authorities = new Set<experimental.CaCertificateUpdateListener>();
  readonly #identities = new Set<experimental.IdentityCertificateUpdateListener>();
  #material: Material;
  #problem: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking = false;

  /** @throws AppError FAILED_PRECONDITION `GRPC.BAD_CERTIFICATES` when the files cannot be used */
  constructor(paths: TlsPaths, options: TlsOptions = {}) {
    this.#paths = paths;
    this.#options = options;
    try {
      const [ca, cert, key] = [paths.ca, paths.cert, paths.key].map((path) => readFileSync(path));
      this.#material = { ca, cert, key } as Material;
      check(this.#material);
      showExpiry(this.#material.cert);
    } catch (thrown) {
      throw badCertificates(thrown);
    }
  }

  /** For a server: callers without a certificate of our CAs do not get a connection; `admit` decides on each call of the others. */
  serverCredentials(admit: ServerInterceptor): ServerCredentials {
    const secure = experimental.createCertificateProviderServerCredentials(this, this, true);
    return experimental.createServerCredentialsWithInterceptors(secure, [admit]);
  }

  /** For a client. */
  channelCredentials(): ChannelCredentials {
    return experimental.createCertificateProviderChannelCredentials(this, this);
  }

  addCaCertificateListener(listener: experimental.CaCertificateUpdateListener): void {
    this.#authorities.add(listener);
    this.#watch();
    process.nextTick(() => listener({ caCertificate: this.#material.ca }));
  }

  removeCaCertificateListener(listener: experimental.CaCertificateUpdateListener): void {
    this.#authorities.delete(listener);
    this.#rest();
  }

  addIdentityCertificateListener(listener: experimental.IdentityCertificateUpdateListener): void {
    this.#identities.add(listener);
    this.#watch();
    process.nextTick(() => listener(this.#identity()));
  }

  removeIdentityCertificateListener(listener: experimental.IdentityCertificateUpdateListener): void {
    this.#identities.delete(listener);
    this.#rest();
  }

  #identity(): experimental.IdentityCertificateUpdate {
    return { certificate: this.#material.cert, privateKey: this.#material.key };
  }

  // Looked at by the clock: a mounted secret changes by a link to another folder, which watching its files does not show.
  #watch(): void {
    this.#timer ??= setInterval(() => void this.#look(), this.#options.refreshMs ?? REFRESH_MS).unref();
  }

  #rest(): void {
    if (this.#authorities.size + this.#identities.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** One look at a time: a slow one must not bring back what a later one has replaced. */
  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    await this.#refresh();
    this.#looking = false;
  }

  async #refresh(): Promise<void> {
    try {
      const { ca, cert, key } = this.#paths;
      const [newCa, newCert, newKey] = await Promise.all([readFile(ca), readFile(cert), readFile(key)]);
      const { ca: oldCa, cert: oldCert, key: oldKey } = this.#material;
      if (newCa.equals(oldCa) && newCert.equals(oldCert) && newKey.equals(oldKey)) return;
      const material = { ca: newCa, cert: newCert, key: newKey };
      check(material);
      showExpiry(newCert);
      this.#material = material;
      this.#problem = undefined;
    } catch (thrown) {
      this.#complain(thrown);
      return;
    }
    for (const listener of this.#identities) listener(this.#identity());
    for (const listener of this.#authorities) listener({ caCertificate: this.#material.ca });
  }

  /** Once for each thing that is wrong: files are often replaced one after the other. */
  #complain(thrown: unknown): void {
    const said = thrown instanceof Error ? thrown.message : 'unknown';
    if (said === this.#problem) return;
    this.#problem = said;
    this.#options.onProblem?.(badCertificates(thrown));
  }
}

/** Credentials of a client: with certificates, or in the clear where there are none. */
export function channelCredentials(tls: GrpcTls | undefined): ChannelCredentials {
  return tls?.channelCredentials() ?? credentials.createInsecure();
}
