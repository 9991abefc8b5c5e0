import { AppError } from '@parley/errors';
import { Memo, type IdentityKind, type MasterKey, type PersonCipher, type PersonVault } from '@parley/postgres';
import { identitiesOf, identityFrom, type Identity } from '../../domain/customer.js';
import type { Person } from '../../domain/evidence.js';
import { writtenForms, type Subject } from '../../domain/subject.js';
import { Persons } from '../../ports/persons.port.js';

type TagKind = Parameters<Persons['tag']>[0];

/** Pseudonyms are the vault's own look-up hashes, so that they lead to the key and to nothing else. */
export class VaultPersons extends Persons {
  readonly #nobody: string;
  readonly #tags: Record<TagKind, Memo<bigint>>;

  constructor(
    private readonly vault: PersonVault,
    keys: MasterKey,
  ) {
    super();
    this.#nobody = vault.lookupHash('user_id', 'audit-service: nobody in particular');
    const tags = (kind: TagKind) => new Memo((text) => keys.hmac(`audit.${kind}`, text).readBigInt64BE(0));
    this.#tags = {
      customer: tags('customer'),
      order: tags('order'),
      session: tags('session'),
      request: tags('request'),
    };
  }

  override pseudonym({ kind, value }: Identity): string {
    return this.vault.lookupHash(kind, value);
  }

  override tag(kind: TagKind, text: string): bigint {
    return this.#tags[kind].get(text);
  }

  override hashesOf(subjects: readonly Subject[]): string[] {
    const hash = (kind: IdentityKind) => (value: string) => this.vault.lookupHash(kind, value);
    return subjects.flatMap(({ kind, value }) => {
      if (kind === 'customer_id') return [hash('user_id')(`crm:${value}`)];
      if (kind !== 'phone') return [hash(kind)(value)];
      const forms = writtenForms(value);
      return [
        this.pseudonym({ kind: 'wa_id', value: identityFrom(value)?.value ?? '' }),
        ...forms.map(hash('wa_id')),
        ...forms.map(hash('phone')),
      ];
    });
  }

  override identities(hashes: readonly string[]): Promise<Map<string, string[]>> {
    return this.vault.identitiesOf(hashes);
  }

  override destroyKeys(hashes: readonly string[]): Promise<Map<string, number>> {
    return this.vault.eraseAll(hashes);
  }

  override async seal(texts: readonly { person?: Person; text: string }[]): Promise<Buffer[]> {
    if (texts.length === 0) return [];
    // A batch is about few persons, and about each of them several times.
    const places = new Map<string, number>();
    const persons: (Person | undefined)[] = [];
    const placeOf = texts.map(({ person }) => {
      const name = person ? `${person.userId}|${person.waId}` : '';
      const place = places.get(name) ?? persons.push(person) - 1;
      places.set(name, place);
      return place;
    });
    const ciphers = await this.vault.open(persons.map((person) => this.#hashes(person)));
    return texts.map(({ text }, index) => cipherAt(ciphers, placeOf[index] ?? -1).encrypt(text));
  }

  override async open(sealed: readonly { customer: string; data: Buffer }[]): Promise<(string | undefined)[]> {
    const wanted = sealed.map(({ customer }) => customer || this.#nobody);
    // Opening an identity the vault does not know would make a person; somebody erased must stay erased.
    const byHash = await this.vault.openKnown(wanted);
    return sealed.map(({ data }, index) => decrypted(byHash.get(wanted[index] ?? ''), data));
  }

  /** Also as Meta writes the phone: other services open the person by that. */
  #hashes(person: Person | undefined): string[] {
    const identities = person ? identitiesOf(person) : [];
    if (!person || identities.length === 0) return [this.#nobody];
    const asWritten = identities.some(({ kind }) => kind === 'wa_id')
      ? [this.vault.lookupHash('wa_id', person.waId)]
      : [];
    return [...new Set([...identities.map((identity) => this.pseudonym(identity)), ...asWritten])];
  }
}

function cipherAt(ciphers: readonly PersonCipher[], index: number): PersonCipher {
  const cipher = ciphers[index];
  if (cipher) return cipher;
  throw new AppError({ code: 'INTERNAL', reason: 'VAULT.NO_CIPHER', message: 'The vault gave too few ciphers.' });
}

function decrypted(cipher: PersonCipher | undefined, data: Buffer): string | undefined {
  if (!cipher) return undefined;
  try {
    return cipher.decrypt(data);
  } catch (thrown) {
    // Erased, or changed by somebody: what the chain says about the bytes is the finding, here there is nothing to read.
    const { reason } = AppError.from(thrown);
    if (reason === 'VAULT.KEY_ERASED' || reason === 'VAULT.DATA_CORRUPT') return undefined;
    throw thrown;
  }
}
