// The ports of a test's broker that demand TLS: `signed` a name and a password (PLAIN or SCRAM) as well, `mutual` a certificate.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../ports.mjs';

/**
 * Certificates in PEM, and who may sign in.
 * @typedef {{ ca: string, cert: string, key: string, username: string, password: string }} Secure
 */

const MODULES = 'org.apache.kafka.common.security';
const SCRAM = ['SCRAM-SHA-256', 'SCRAM-SHA-512'];

/**
 * Ports for them, and the certificates as files beside the log.
 * @param {Secure} secure
 * @param {string} dataDir
 */
export async function secureListeners({ ca, cert, key, username, password }, dataDir) {
  const files = { keystore: join(dataDir, 'broker.pem'), truststore: join(dataDir, 'ca.pem') };
  await writeFile(files.keystore, `${key}${cert}`, { mode: 0o600 });
  await writeFile(files.truststore, ca);
  return { ...files, username, password, signed: await freePort(), mutual: await freePort() };
}

/** What the format command needs for them: the names SCRAM knows are in the cluster's own log. */
export function scramOf(secure) {
  if (!secure) return [];
  const { username, password } = secure;
  return SCRAM.flatMap((mechanism) => ['--add-scram', `${mechanism}=[name=${username},password=${password}]`]);
}

/** Lines of the broker's configuration. */
export function secureProperties({ keystore, truststore, username, password }) {
  const signed = (mechanism) => `listener.name.signed.${mechanism.toLowerCase()}.sasl.jaas.config`;
  return [
    'ssl.keystore.type=PEM',
    `ssl.keystore.location=${keystore}`,
    'ssl.truststore.type=PEM',
    `ssl.truststore.location=${truststore}`,
    'listener.name.mutual.ssl.client.auth=required',
    `listener.name.signed.sasl.enabled.mechanisms=PLAIN,${SCRAM.join(',')}`,
    `${signed('PLAIN')}=${MODULES}.plain.PlainLoginModule required user_${username}="${password}";`,
    ...SCRAM.map((mechanism) => `${signed(mechanism)}=${MODULES}.scram.ScramLoginModule required;`),
  ];
}
