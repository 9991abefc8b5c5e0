import { AppError } from '@parley/errors';
import type { MasterKey, PersonVault } from '@parley/postgres';
import { canonicalJson } from '../../domain/canonical.js';
import type { Contact } from '../../domain/customer.js';
import { canonicalPhone, phoneDigits } from '../../domain/phone.js';

/** A text under its person's key, and the identity that finds the key; `data` as Postgres reads it from JSON. */
export interface Sealed {
  identity: string;
  data: string;
}

/** The look-up hashes of a contact; null where nothing is given. */
export interface ContactHashes {
  phoneHash: string | null;
  userHash: string | null;
}

/** Everything about keys of persons and keyed hashes that the built-in CRM needs. */
export class Persons {
  constructor(
    private readonly vault: PersonVault,
    private readonly keys: MasterKey,
  ) {}

  hashes(contact: Contact): ContactHashes {
    const phone = canonicalPhone(contact.phone);
    return {
      phoneHash: phone === '' ? null : this.vault.lookupHash('phone', phone),
      userHash: contact.whatsappUserId === '' ? null : this.vault.lookupHash('user_id', contact.whatsappUserId),
    };
  }

  emailHash(email: string): string | null {
    return email === '' ? null : this.vault.lookupHash('email', email);
  }

  /**
   * The identities of a person, all ways of writing the phone among them, so that an erasure by any of them reaches what
   * the CRM has. E-mail addresses are shared in families and firms and join nobody; they serve when there is nothing else.
   */
  identities(contact: Contact & { email?: string }, otherwise: string): string[] {
    const { phoneHash, userHash } = this.hashes(contact);
    const digits = phoneDigits(contact.phone);
    const written = phoneHash ? [digits, canonicalPhone(digits)] : [];
    const phones = written.flatMap((text) => [
      this.vault.lookupHash('phone', text),
      this.vault.lookupHash('wa_id', text),
    ]);
    const found = [...new Set([...(phoneHash ? [phoneHash] : []), ...phones, ...(userHash ? [userHash] : [])])];
    if (found.length > 0) return found;
    return [this.emailHash(contact.email ?? '') ?? this.vault.lookupHash('user_id', `crm:${otherwise}`)];
  }

  /** Seals texts, each under the key of its person, in one go. */
  async seal(texts: readonly { identities: readonly string[]; text: string }[]): Promise<Sealed[]> {
    const ciphers = await this.vault.open(texts.map(({ identities }) => identities));
    return texts.map(({ identities, text }, n) => {
      const data = ciphers[n]?.encrypt(text) ?? Buffer.alloc(0);
      return { identity: identities[0] ?? '', data: `\\x${data.toString('hex')}` };
    });
  }

  /** The identity of rows that outlived the person they were about. */
  get nobody(): string {
    return this.vault.lookupHash('user_id', 'crm: nobody any more');
  }

  /** Seals texts under a key that belongs to nobody: for rows that outlive the person they were about. */
  async sealForNobody(texts: readonly string[]): Promise<Sealed[]> {
    const identities = [this.nobody];
    return this.seal(texts.map((text) => ({ identities, text })));
  }

  /** The texts of rows; undefined where the person has been erased. */
  async unseal(rows: readonly { identity: string; data: Buffer }[]): Promise<(string | undefined)[]> {
    const ciphers = await this.vault.open(rows.map(({ identity }) => [identity]));
    return rows.map(({ data }, n) => {
      try {
        return ciphers[n]?.decrypt(data);
      } catch (thrown) {
        // Whoever has been erased is not there any more; anything else is damage, and must be heard of.
        if (AppError.from(thrown).reason === 'VAULT.KEY_ERASED') return undefined;
        throw thrown;
      }
    });
  }

  /** Tells a value from another one without keeping it; keyed, because a plain hash of a phone number can be tried out. */
  fingerprint(value: unknown): string {
    return this.keys.hmac('crm.fingerprint', canonicalJson(value)).toString('hex');
  }
}
