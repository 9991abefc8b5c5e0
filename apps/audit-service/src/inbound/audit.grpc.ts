import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import type { audit } from '@parley/contracts';
import type { OpenedEntry, QueryEntries } from '../usecases/query-entries.js';
import type { VerifyChains } from '../usecases/verify-chains.js';

/** The use cases behind `parley.audit.v1.AuditService`. */
export class AuditCalls {
  constructor(
    readonly query: QueryEntries,
    readonly verify: VerifyChains,
  ) {}
}

@Controller()
export class AuditGrpc {
  constructor(private readonly calls: AuditCalls) {}

  @GrpcMethod('AuditService', 'query')
  async query(request: audit.QueryRequest): Promise<audit.QueryResponse> {
    const { entries, nextPageToken } = await this.calls.query.run(request);
    return { entries: entries.map(toMessage), nextPageToken };
  }

  @GrpcMethod('AuditService', 'verify')
  verify({ chain }: audit.VerifyRequest): Promise<audit.VerifyResponse> {
    return this.calls.verify.run(chain);
  }
}

function toMessage({ entry, requestIds, content }: OpenedEntry): audit.AuditEntry {
  const { chain, sequence, occurredAt, recordedAt, topic, action, customer, order, session, metadata, hash } = entry;
  const place = { chain, sequence, occurredAt, recordedAt, hash: hash.toString('hex') };
  return { ...place, topic, action, customer, order, session, requestIds: [...requestIds], metadata, content };
}
