import { MasterKey } from '@parley/postgres';

/** The same master key in every test: what one process of a test encrypts another decrypts. */
export function testMasterKey(): MasterKey {
  return MasterKey.fromText(Buffer.alloc(32, 'parley-test-key').toString('base64'));
}
