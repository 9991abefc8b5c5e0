import { generateKeyPairSync } from 'node:crypto';
import { Ed25519Signer } from './ed25519-signer.js';

const pem = (): string => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

describe('an Ed25519 signer', () => {
  it('checks what it signed, and nothing else', () => {
    const signer = Ed25519Signer.fromPem(pem());
    const seal = signer.sign('a text');
    expect(signer.verifies('a text', seal)).toBe(true);
    expect(signer.verifies('another text', seal)).toBe(false);
    expect(signer.verifies('a text', { ...seal, signature: Buffer.alloc(64) })).toBe(false);
    expect(Ed25519Signer.fromPem(pem()).verifies('a text', seal)).toBe(false);
  });

  it('trusts what older keys signed, also by their public half alone', () => {
    const [old, now] = [pem(), pem()];
    const seal = Ed25519Signer.fromPem(old).sign('a text');
    const renewed = Ed25519Signer.fromPem(`${now}\n${Ed25519Signer.fromPem(old).publicKey}`);
    expect(renewed.verifies('a text', seal)).toBe(true);
    expect(renewed.sign('a text').keyId).not.toBe(seal.keyId);
    expect(Ed25519Signer.fromPem(`${now}\n${old}`).verifies('a text', seal)).toBe(true);
  });

  it('is the same key for the same seed', () => {
    const [one, two] = [Ed25519Signer.fromSeed(Buffer.alloc(32, 7)), Ed25519Signer.fromSeed(Buffer.alloc(32, 7))];
    expect(two.verifies('x', one.sign('x'))).toBe(true);
    expect(Ed25519Signer.fromSeed(Buffer.alloc(32, 8)).keyId).not.toBe(one.keyId);
  });

  it('refuses what is no such key, and does not repeat it', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ type: 'pkcs8', format: 'pem' });
    for (const bad of ['hunter2', Ed25519Signer.fromPem(pem()).publicKey, rsa.toString()]) {
      expect(() => Ed25519Signer.fromPem(bad)).toThrow(/openssl genpkey/);
      expect(() => Ed25519Signer.fromPem(bad)).not.toThrow(/hunter/);
    }
  });
});
