import { createHash, randomBytes, randomInt } from 'node:crypto';

/**
 * A new message id in Meta's shape. Never from the seed: whoever receives these ids treats a repeated one as a
 * redelivery, so two runs must not share any.
 */
export function newWamid(waId: string, direction: 'from-customer' | 'from-business'): string {
  const phone = Buffer.from(waId, 'ascii');
  const serial = Buffer.from(randomBytes(9).toString('hex').toUpperCase(), 'ascii');
  const bytes = [
    Buffer.from([0x1d, 0x18, phone.length]),
    phone,
    Buffer.from([0x15, 0x02, 0x00, direction === 'from-customer' ? 0x12 : 0x11, 0x18, serial.length]),
    serial,
    Buffer.from([0x00]),
  ];
  return `wamid.${Buffer.concat(bytes).toString('base64')}`;
}

/** A new id of a media object or template: fifteen digits or so, as text. */
export function newObjectId(): string {
  return `${randomInt(1, 10)}${String(randomInt(0, 2 ** 47)).padStart(15, '0')}`;
}

/** The trace id that Graph puts into every error. */
export function newTraceId(): string {
  return `A${randomBytes(17).toString('base64url').slice(0, 22)}`;
}

// Country calling codes of the demonstration customers and their neighbours; longest prefix wins.
const COUNTRIES: Record<string, string> = {
  '1': 'US', '20': 'EG', '27': 'ZA', '31': 'NL', '32': 'BE', '33': 'FR', '34': 'ES', '351': 'PT', '353': 'IE',
  '39': 'IT', '41': 'CH', '43': 'AT', '44': 'GB', '45': 'DK', '46': 'SE', '47': 'NO', '48': 'PL', '49': 'DE',
  '52': 'MX', '54': 'AR', '55': 'BR', '56': 'CL', '57': 'CO', '60': 'MY', '61': 'AU', '62': 'ID', '65': 'SG',
  '7': 'RU', '81': 'JP', '90': 'TR', '91': 'IN', '966': 'SA', '971': 'AE',
}; // prettier-ignore

export function countryOf(waId: string): string {
  for (const length of [3, 2, 1]) {
    const country = COUNTRIES[waId.slice(0, length)];
    if (country) return country;
  }
  return 'ZZ';
}

/** The business-scoped user id of a phone: always the same one, so tests may know it beforehand. */
export function userIdOf(waId: string): string {
  const digest = createHash('sha256').update(`bsuid:${waId}`).digest();
  const digits = (digest.readBigUInt64BE(0) % 9_000_000_000_000_000_000n) + 1_000_000_000_000_000_000n;
  return `${countryOf(waId)}.${digits}`;
}
