import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { bitString, der, integer, octetString, oid, sequence, utcTime } from './der.js';

/** A certificate and its private key, both PEM. */
export interface TestCertificate {
  cert: string;
  key: string;
}

/** Who a certificate is for; each name is in the subject's alternative names too. */
export interface TestSubject {
  commonName: string;
  dnsNames?: readonly string[];
  /** 127.0.0.1 is an address a test's server is called by. */
  addresses?: readonly string[];
  /** Default: tomorrow. */
  until?: Date;
}

const DAY_MS = 86_400_000;
const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const COMMON_NAME = oid('2.5.4.3');
const BASIC_CONSTRAINTS = oid('2.5.29.19');
const ALTERNATIVE_NAMES = oid('2.5.29.17');
const TRUE = der(0x01, Buffer.from([0xff]));

const newKey = (): { publicKey: KeyObject; privateKey: KeyObject } =>
  generateKeyPairSync('ec', { namedCurve: 'prime256v1' });

const nameOf = (commonName: string): Buffer =>
  sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from(commonName)))));

const pem = (label: string, bytes: Buffer): string =>
  `-----BEGIN ${label}-----\n${bytes.toString('base64').replace(/(.{64})(?=.)/g, '$1\n')}\n-----END ${label}-----\n`;

const pkcs8 = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

interface Tbs {
  issuer: string;
  subject: string;
  until: Date;
  publicKey: KeyObject;
  extension: Buffer;
}

function signed({ issuer, subject, until, publicKey, extension }: Tbs, by: KeyObject): string {
  const serial = randomBytes(8);
  // A first bit or byte of zero would be another encoding of the number.
  serial[0] = 0x80 | (serial[0] ?? 0);
  const valid = sequence(utcTime(new Date(Date.now() - DAY_MS)), utcTime(until));
  const version3 = der(0xa0, der(0x02, Buffer.from([2])));
  const key = publicKey.export({ type: 'spki', format: 'der' });
  const extensions = der(0xa3, sequence(extension));
  const parts = [version3, integer(serial), ECDSA_WITH_SHA256, nameOf(issuer), valid, nameOf(subject), key, extensions];
  const tbs = sequence(...parts);
  return pem('CERTIFICATE', sequence(tbs, ECDSA_WITH_SHA256, bitString(sign('sha256', tbs, by))));
}

function alternativeNames({ commonName, dnsNames = [commonName], addresses = [] }: TestSubject): Buffer {
  const names = dnsNames.map((name) => der(0x82, Buffer.from(name)));
  const ips = addresses.map((address) => der(0x87, Buffer.from(address.split('.').map(Number))));
  return sequence(ALTERNATIVE_NAMES, octetString(sequence(...names, ...ips)));
}

/** A certificate authority of a test's own: made with Node alone, so that specs about TLS run wherever Node does. */
export class TestAuthority {
  /** Its own certificate: what clients and servers have to trust. */
  readonly cert: string;
  readonly #name: string;
  readonly #key: KeyObject;

  constructor(name = `Test authority ${randomBytes(4).toString('hex')}`) {
    const { publicKey, privateKey } = newKey();
    this.#name = name;
    this.#key = privateKey;
    const extension = sequence(BASIC_CONSTRAINTS, TRUE, octetString(sequence(TRUE)));
    const until = new Date(Date.now() + DAY_MS);
    this.cert = signed({ issuer: name, subject: name, until, publicKey, extension }, privateKey);
  }

  /** A certificate signed by this authority, with a key of its own. */
  issue(subject: TestSubject): TestCertificate {
    const { publicKey, privateKey } = newKey();
    const { commonName, until = new Date(Date.now() + DAY_MS) } = subject;
    const extension = alternativeNames(subject);
    const cert = signed({ issuer: this.#name, subject: commonName, until, publicKey, extension }, this.#key);
    return { cert, key: pkcs8(privateKey) };
  }
}
