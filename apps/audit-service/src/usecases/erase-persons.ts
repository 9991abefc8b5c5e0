import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../domain/evidence.js';
import { badPersons } from '../domain/errors.js';
import { maskIdentifiers } from '../domain/masking.js';
import { statementOf, type Erasure } from '../domain/statement.js';
import { subjectOf, type Subject } from '../domain/subject.js';
import type { Clock } from '../ports/clock.port.js';
import type { Erasures, SignedStatement } from '../ports/erasures.port.js';
import type { Holders, KnownCustomer } from '../ports/holders.port.js';
import type { Persons } from '../ports/persons.port.js';
import type { Signer } from '../ports/signer.port.js';
import type { RecordOwn } from './record-own.js';

/** Whom to erase, and on whose behalf. */
export interface EraseRequest {
  readonly persons: readonly string[];
  readonly reason: string;
  readonly requestedBy: string;
  readonly dryRun: boolean;
}

/** What became of one of them. */
export interface Erased {
  readonly outcome: 'erased' | 'erased-before' | 'unknown' | 'ambiguous' | 'known';
  readonly statement?: SignedStatement;
}

/** Somebody, as far as it is known who. */
interface Found {
  readonly hashes: readonly string[];
  readonly customers: readonly KnownCustomer[];
  /** Every identity of each person that the hashes lead to; more than one person is one too many. */
  readonly persons: readonly (readonly string[])[];
}

const MOST = 100;
const LONGEST = 500;

/**
 * Erases persons: their keys first, so that nothing of them can be read from that moment on, then what each service holds.
 * What was done is signed. An erasure that is interrupted is on record and is finished later.
 */
export class ErasePersons {
  constructor(
    private readonly persons: Persons,
    private readonly holders: Holders,
    private readonly erasures: Erasures,
    private readonly signer: Signer,
    private readonly own: RecordOwn,
    private readonly clock: Clock,
  ) {}

  async run({ persons, reason, requestedBy, dryRun }: EraseRequest): Promise<Erased[]> {
    if (persons.length > MOST || persons.length === 0) throw badPersons(MOST);
    const found = await this.#find(persons.map((text) => subjectOf(text) ?? unnamed()));
    const before = await this.erasures.find(found.flatMap(({ hashes }) => hashes));
    if (dryRun)
      return found.map((one) => ({
        outcome: this.#isNew(one) ?? (wasErased(one, before) ? 'erased-before' : 'unknown'),
      }));
    const said = { reason: maskIdentifiers(reason).slice(0, LONGEST), requestedBy: requestedBy.slice(0, LONGEST) };
    // The same person may be named twice, in two ways.
    const begun = new Map<string, Erasure>();
    const pending = new Map<string, Erasure>();
    for (const one of found) {
      const [identities] = one.persons;
      const earlier = wasErased(one, before);
      if (one.persons.length === 1 && identities) begun.set(identities.join(), this.#erasureOf(one, identities, said));
      else if (one.persons.length === 0 && earlier && !earlier.statement)
        pending.set(earlier.erasure.id, earlier.erasure);
    }
    await this.erasures.begin([...begun.values()]);
    const statements = await this.finish([...begun.values(), ...pending.values()]);
    return found.map((one): Erased => {
      const outcome = this.#isNew(one);
      if (outcome === 'ambiguous') return { outcome };
      if (outcome)
        return { outcome: 'erased', statement: statements.get(begun.get(one.persons[0]?.join() ?? '')?.id ?? '') };
      const earlier = wasErased(one, before);
      if (!earlier) return { outcome: 'unknown' };
      return { outcome: 'erased-before', statement: earlier.statement ?? statements.get(earlier.erasure.id) };
    });
  }

  /** Takes up what was interrupted. */
  async resume(before: Date): Promise<number> {
    const unfinished = await this.erasures.unfinished(before);
    await this.finish(unfinished.slice(0, MOST));
    return unfinished.length;
  }

  /** Destroys the keys, has the services erase, and signs what was done; by the id of the erasure. */
  private async finish(erasures: readonly Erasure[]): Promise<Map<string, SignedStatement>> {
    if (erasures.length === 0) return new Map();
    const keys = await this.persons.destroyKeys(erasures.flatMap(({ identities }) => identities));
    const services = await this.holders.erase(erasures);
    const entries = await this.erasures.entriesOf(erasures.map(({ identities }) => identities));
    const statements = erasures.map((erasure, n) => {
      const keysDestroyed = Math.max(0, ...erasure.identities.map((hash) => keys.get(hash) ?? 0));
      const done = { keysDestroyed, services: services[n] ?? new Map<string, never>(), entries: entries[n] ?? 0n };
      const text = statementOf(erasure, done);
      return { erasureId: erasure.id, statement: { text, ...this.signer.sign(text) } };
    });
    await this.erasures.complete(statements);
    await this.own.run(
      ...statements.map(({ erasureId, statement }, n) => ({
        id: `erased/${erasureId}`,
        action: 'person_erased',
        metadata: {
          ...{ erasureId, keyId: statement.keyId, signature: statement.signature.toString('hex') },
          statement: JSON.parse(statement.text) as JsonObject,
        },
        pseudonyms: [erasures[n]?.pseudonym ?? ''],
      })),
    );
    return new Map(statements.map(({ erasureId, statement }) => [erasureId, statement]));
  }

  #isNew({ persons }: Found): 'known' | 'ambiguous' | undefined {
    if (persons.length > 1) return 'ambiguous';
    return persons.length === 1 ? 'known' : undefined;
  }

  #erasureOf(
    { customers, hashes }: Found,
    identities: readonly string[],
    said: { reason: string; requestedBy: string },
  ): Erasure {
    const customerIds = customers.map(({ id }) => id);
    // By what the person was named with, if it is known by that: it leads to the trail's entries about them.
    const pseudonym = hashes.find((hash) => identities.includes(hash)) ?? identities[0] ?? '';
    return { id: randomUUID(), pseudonym, identities, customerIds, ...said, erasedAt: this.clock.now() };
  }

  async #find(subjects: readonly Subject[]): Promise<Found[]> {
    const customers = await this.holders.customers(subjects);
    const hashes = subjects.map((subject, n) => {
      const theirs = (customers[n] ?? []).flatMap((customer) => this.persons.hashesOf(subjectsOf(customer)));
      return [...new Set([...this.persons.hashesOf([subject]), ...theirs])];
    });
    const identities = await this.persons.identities([...new Set(hashes.flat())]);
    return hashes.map((own, n) => {
      const persons = new Map(own.map((hash) => identities.get(hash) ?? []).map((all) => [all.join(), all]));
      persons.delete('');
      return { hashes: own, customers: customers[n] ?? [], persons: [...persons.values()] };
    });
  }
}

type Before = Awaited<ReturnType<Erasures['find']>>;

function wasErased({ hashes }: Found, before: Before): { erasure: Erasure; statement?: SignedStatement } | undefined {
  return hashes.map((hash) => before.get(hash)).find((each) => each !== undefined);
}

/** An e-mail address is shared in families and firms: it names somebody only who has nothing else. */
function subjectsOf({ id, phone, whatsappUserId, email }: KnownCustomer): Subject[] {
  const named: Subject[] = [
    ...(phone === '' ? [] : [{ kind: 'phone', value: phone } as const]),
    ...(whatsappUserId === '' ? [] : [{ kind: 'user_id', value: whatsappUserId } as const]),
  ];
  if (named.length > 0) return named;
  return email === '' ? [{ kind: 'customer_id', value: id }] : [{ kind: 'email', value: email }];
}

function unnamed(): never {
  throw badPersons(MOST);
}
