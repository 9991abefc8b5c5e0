import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import type { audit } from '@parley/contracts';
import type { ErasePersons } from '../usecases/erase-persons.js';
import type { ExportEntries } from '../usecases/export-entries.js';
import type { QueryEntries } from '../usecases/query-entries.js';
import type { ShowHeads } from '../usecases/show-heads.js';
import type { VerifyChains } from '../usecases/verify-chains.js';
import { toEntry, toErased, toExported } from './wire.js';

/** The use cases behind `parley.audit.v1.AuditService`. */
export class AuditCalls {
  constructor(
    readonly query: QueryEntries,
    readonly verify: VerifyChains,
    readonly exporting: ExportEntries,
    readonly heads: ShowHeads,
    readonly erasing: ErasePersons,
    readonly key: { readonly publicKey: string; readonly keyId: string },
  ) {}
}

@Controller()
export class AuditGrpc {
  constructor(private readonly calls: AuditCalls) {}

  @GrpcMethod('AuditService', 'query')
  async query(request: audit.QueryRequest): Promise<audit.QueryResponse> {
    const { entries, nextPageToken } = await this.calls.query.run(request);
    return { entries: entries.map(toEntry), nextPageToken };
  }

  @GrpcMethod('AuditService', 'verify')
  verify({ chain }: audit.VerifyRequest): Promise<audit.VerifyResponse> {
    return this.calls.verify.run(chain);
  }

  @GrpcMethod('AuditService', 'export')
  async export(request: audit.ExportRequest): Promise<audit.ExportResponse> {
    const page = await this.calls.exporting.run({ ...request, requestId: '' });
    return { ...page, heads: [...page.heads], entries: page.entries.map(toExported) };
  }

  @GrpcMethod('AuditService', 'erase')
  async erase(request: audit.EraseRequest): Promise<audit.EraseResponse> {
    const results = await this.calls.erasing.run(request);
    return { results: results.map((erased) => toErased(erased, this.calls.key.publicKey)) };
  }

  @GrpcMethod('AuditService', 'getHeads')
  async getHeads({ day }: audit.GetHeadsRequest): Promise<audit.GetHeadsResponse> {
    const { publicKey, keyId } = this.calls.key;
    return { heads: await this.calls.heads.run(day), publicKey, keyId };
  }
}
