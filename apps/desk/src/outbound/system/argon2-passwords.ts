import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto';
import { promisify } from 'node:util';
import { Passwords } from '../../ports/passwords.port.js';

interface Cost {
  memory: number;
  passes: number;
  parallelism: number;
}

/** More than OWASP's minimum for argon2id (19 MiB, two passes): 46 MiB keep graphics cards slow and take about 0.1 s here. */
const COST: Cost = { memory: 47_104, passes: 2, parallelism: 1 };
const SALT_BYTES = 16;
const TAG_BYTES = 32;
const derive = promisify(argon2);

// The PHC string format: $argon2id$v=19$m=47104,t=2,p=1$<salt>$<tag>, both in base64 without padding.
const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** argon2id from Node's own crypto. A hash carries its cost, so the cost may be raised later without breaking any. */
export class Argon2Passwords extends Passwords {
  /** Stands in for the hash of an account that does not exist. */
  private readonly nobody = { cost: COST, salt: randomBytes(SALT_BYTES), tag: randomBytes(TAG_BYTES) };

  override async hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    const tag = await tagOf(password, salt, COST);
    return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${encode(salt)}$${encode(tag)}`;
  }

  override async verify(password: string, hash: string | undefined): Promise<boolean> {
    const known = hash === undefined ? undefined : parse(hash);
    const { cost, salt, tag } = known ?? this.nobody;
    const given = await tagOf(password, salt, cost, tag.length);
    return timingSafeEqual(given, tag) && known !== undefined;
  }
}

function tagOf(password: string, nonce: Buffer, cost: Cost, tagLength = TAG_BYTES): Promise<Buffer> {
  // One password, however the keyboard composes its accents.
  const message = Buffer.from(password.normalize('NFKC'));
  const parameters: Argon2Parameters = { message, nonce, tagLength, ...cost };
  return derive('argon2id', parameters);
}

function parse(hash: string): { cost: Cost; salt: Buffer; tag: Buffer } | undefined {
  const match = PHC.exec(hash);
  if (!match) return undefined;
  const [, memory, passes, parallelism, salt = '', tag = ''] = match;
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  return { cost, salt: Buffer.from(salt, 'base64'), tag: Buffer.from(tag, 'base64') };
}

function encode(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
