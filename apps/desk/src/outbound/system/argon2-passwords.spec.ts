import { Argon2Passwords } from './argon2-passwords.js';

const passwords = new Argon2Passwords();

describe('Argon2Passwords', () => {
  it('knows a password again by its hash, and no other', async () => {
    const hash = await passwords.hash('correct horse');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=47104,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(await passwords.verify('correct horse', hash)).toBe(true);
    expect(await passwords.verify('correct horsE', hash)).toBe(false);
  });

  it('never gives the same hash twice', async () => {
    expect(await passwords.hash('same')).not.toBe(await passwords.hash('same'));
  });

  it('takes one password however its accents are composed', async () => {
    expect(await passwords.verify('cafe\u0301', await passwords.hash('caf\u00e9'))).toBe(true);
  });

  it('says no without a hash, and for what is no hash', async () => {
    expect(await passwords.verify('anything', undefined)).toBe(false);
    expect(await passwords.verify('anything', 'plain:anything')).toBe(false);
  });

  it('reads hashes of another cost', async () => {
    const hash = await cheapHash('password');
    expect(await passwords.verify('password', hash)).toBe(true);
  });
});

async function cheapHash(message: string): Promise<string> {
  const { argon2Sync } = await import('node:crypto');
  const nonce = Buffer.from('somesaltsomesalt');
  const tag = argon2Sync('argon2id', { message, nonce, parallelism: 1, tagLength: 16, memory: 64, passes: 1 });
  const text = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
  return `$argon2id$v=19$m=64,t=1,p=1$${text(nonce)}$${text(tag)}`;
}
