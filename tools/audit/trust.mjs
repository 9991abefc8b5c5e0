// Whose signatures count: the key somebody names, else that of the running service.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect, expected } from './connect.mjs';

/** @returns {Promise<(text: string, seal: { keyId: string, signature: Buffer }) => boolean>} */
export async function trusted(keyFile) {
  const pem = keyFile
    ? read(keyFile)
    : await connect((client) => client.getHeads({ day: '0001-01-01' })).then((it) => it.publicKey);
  const key = publicKeyOf(pem);
  const keyId = createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 16);
  return (text, seal) => seal.keyId === keyId && verify(null, Buffer.from(text), key, seal.signature);
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw expected(`${file} cannot be read (${error.code}).`);
  }
}

function publicKeyOf(pem) {
  try {
    return createPublicKey(pem);
  } catch {
    throw expected('The key is no public key in PEM ("npm run audit -- key" prints the one of the service).');
  }
}
