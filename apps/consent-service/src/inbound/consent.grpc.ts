import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import type { common, consent } from '@parley/contracts';
import { currentTraceparent } from '@parley/telemetry';
import type { Contact } from '../domain/contact.js';
import { badErasure } from '../domain/errors.js';
import type { Ledger } from '../ports/ledger.port.js';
import type { CheckConsent } from '../usecases/check-consent.js';
import type { ListEntries } from '../usecases/list-entries.js';
import type { RecordConsent } from '../usecases/record-consent.js';

/** The use cases behind `parley.consent.v1.ConsentService`. */
export class ConsentCalls {
  constructor(
    readonly check: CheckConsent,
    readonly record: RecordConsent,
    readonly list: ListEntries,
    readonly ledger: Ledger,
  ) {}
}

/** In one call. */
const MOST_CONTACTS = 100;

function contactOf(identity: consent.CheckRequest['contact']): Contact {
  const { phoneNumberId = '', userId = '', waId = '' } = identity ?? {};
  return { phoneNumberId, userId, waId };
}

@Controller()
export class ConsentGrpc {
  constructor(private readonly calls: ConsentCalls) {}

  @GrpcMethod('ConsentService', 'check')
  check({ contact, purpose }: consent.CheckRequest): Promise<consent.CheckResponse> {
    return this.calls.check.run(contactOf(contact), purpose);
  }

  @GrpcMethod('ConsentService', 'record')
  async record(request: consent.RecordRequest): Promise<consent.RecordResponse> {
    const contact = contactOf(request.contact);
    const { entryId, created, changed } = await this.calls.record.run({
      ...request,
      contact,
      traceparent: currentTraceparent(),
    });
    return { entryId, created, changed };
  }

  @GrpcMethod('ConsentService', 'listEntries')
  async listEntries({ contact }: consent.ListEntriesRequest): Promise<consent.ListEntriesResponse> {
    const entries = await this.calls.list.run(contactOf(contact));
    return { entries: entries.map(({ id, ...entry }) => ({ entryId: id, ...entry })) };
  }

  @GrpcMethod('ConsentService', 'eraseContacts')
  async eraseContacts({ contacts }: consent.EraseContactsRequest): Promise<consent.EraseContactsResponse> {
    if (contacts.length > MOST_CONTACTS) throw badErasure();
    const persons = contacts.map(({ identities, erasedAt }) => {
      if (!erasedAt || identities.length === 0) throw badErasure();
      return { identities, erasedAt };
    });
    const erased = await this.calls.ledger.erase(persons);
    return { results: erased.map(({ hidden, withdrawn }) => ({ tables: tablesOf(hidden, withdrawn) })) };
  }
}

function tablesOf(hidden: bigint, withdrawn: boolean): common.ErasedTable[] {
  const table = 'consent.ledger';
  return [
    ...(hidden > 0n ? [{ table, effect: 'hidden', rows: hidden }] : []),
    ...(withdrawn ? [{ table, effect: 'withdrawn', rows: 1n }] : []),
  ];
}
