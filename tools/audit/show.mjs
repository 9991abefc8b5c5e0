// What to keep elsewhere: signed heads, and the key they are checked with.
import { headLine } from './lines.mjs';

export async function showHeads(client, day) {
  const { heads } = await client.getHeads({ day });
  for (const head of heads) console.log(JSON.stringify(headLine(head)));
  return 0;
}

export async function showKey(client) {
  const { publicKey, keyId } = await client.getHeads({ day: '0001-01-01' });
  console.log(publicKey.trim());
  console.error(`Key ${keyId}`);
  return 0;
}
