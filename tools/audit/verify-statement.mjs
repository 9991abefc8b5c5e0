// Checks a signed statement about an erasure, and shows what it says.
import { readFileSync } from 'node:fs';
import { expected } from './connect.mjs';
import { trusted } from './trust.mjs';

export async function verifyStatement(file, keyFile) {
  const { statement, keyId, signature } = read(file);
  const verifies = await trusted(keyFile);
  if (!verifies(statement, { keyId, signature: Buffer.from(signature, 'hex') })) {
    console.error(`${file}: the signature is not of this statement, or not of the key that is trusted.`);
    return 1;
  }
  const { id, erasedAt, tables, later, kept } = JSON.parse(statement);
  console.log(`Statement ${id}: erased at ${erasedAt}, signed by key ${keyId}. The signature is right.`);
  for (const { table, effect, rows } of tables) console.log(`  ${table}: ${rows} ${effect}`);
  for (const { what, by } of later) console.log(`  ${what}: gone by ${by}`);
  for (const { what, why } of kept) console.log(`  kept: ${what} (${why})`);
  return 0;
}

function read(file) {
  try {
    const { statement, keyId, signature } = JSON.parse(readFileSync(file, 'utf8'));
    if ([statement, keyId, signature].every((each) => typeof each === 'string')) return { statement, keyId, signature };
  } catch (error) {
    if (error.code) throw expected(`${file} cannot be read (${error.code}).`);
  }
  throw expected(`${file} is no statement of an erasure.`);
}
