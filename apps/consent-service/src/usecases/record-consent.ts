import { PURPOSES, SOURCES, type Scope, type Source } from '../domain/consent.js';
import type { Contact } from '../domain/contact.js';
import {
  keyMissing,
  keyRaced,
  keyReused,
  nobody,
  timeMissing,
  unknownPurpose,
  unknownSource,
} from '../domain/errors.js';
import { notAhead, type Draft } from '../domain/inbound.js';
import { linksOf } from '../domain/links.js';
import type { Clock } from '../ports/clock.port.js';
import type { Ledger, Written } from '../ports/ledger.port.js';
import type { Persons } from '../ports/persons.port.js';

/** What a caller asks to be written; nothing of it is trusted. */
export interface RecordRequest {
  readonly contact: Contact;
  readonly purpose: string;
  readonly granted: boolean;
  readonly at?: Date;
  readonly source: string;
  readonly evidenceRef: string;
  readonly idempotencyKey: string;
  readonly traceparent?: string;
}

const SCOPES: readonly Scope[] = [...PURPOSES, 'all'];

function scopeOf(text: string): Scope {
  const scope = SCOPES.find((known) => known === text);
  if (!scope) throw unknownPurpose(SCOPES);
  return scope;
}

function sourceOf(text: string): Source {
  const source = SOURCES.find((known) => known === text);
  if (!source) throw unknownSource();
  return source;
}

/** Writes one entry; the same key writes once, whoever comes first with it. */
export class RecordConsent {
  constructor(
    private readonly ledger: Ledger,
    private readonly persons: Persons,
    private readonly clock: Clock,
  ) {}

  async run(request: RecordRequest): Promise<Written> {
    const draft = this.#draft(request);
    const [person] = await this.persons.seal([draft.contact]);
    if (!person) throw nobody();
    const [written] = await this.ledger.write({ entries: [{ draft, person }], links: linksOf(person.identities) });
    if (!written) throw keyRaced();
    if (written.conflicting) throw keyReused();
    return written;
  }

  #draft(request: RecordRequest): Draft {
    const { contact, granted, at, idempotencyKey, traceparent } = request;
    if (this.persons.hashes(contact).length === 0) throw nobody();
    const [purpose, source] = [scopeOf(request.purpose), sourceOf(request.source)];
    if (!at) throw timeMissing();
    if (idempotencyKey === '') throw keyMissing();
    // For words and flows the key is the wamid, which is the proof.
    const evidenceRef = request.evidenceRef || idempotencyKey;
    return {
      contact,
      purpose,
      granted,
      at: notAhead(at, this.clock.now()),
      source,
      evidenceRef,
      idempotencyKey,
      traceparent,
    };
  }
}
