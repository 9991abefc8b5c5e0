// Secrets that a clone makes for itself: the master key, the key that signs evidence, and the passwords of the database roles.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { services } from './services.mjs';

/** Reads the secrets of a data folder; what is missing is made, and nothing that exists is ever changed. */
export function localSecrets(dataDir) {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, 'secrets.json');
  const known = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const passwords = { ...known.passwords };
  for (const { schema } of services) if (schema) passwords[schema] ??= randomBytes(24).toString('base64url');
  const secrets = {
    masterKey: known.masterKey ?? randomBytes(32).toString('base64'),
    auditSigningKey: known.auditSigningKey ?? signingKey(),
    passwords,
  };
  if (JSON.stringify(secrets) !== JSON.stringify(known)) {
    writeFileSync(`${file}.new`, JSON.stringify(secrets, null, 2), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  chmodSync(file, 0o600);
  return secrets;
}

function signingKey() {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
}
