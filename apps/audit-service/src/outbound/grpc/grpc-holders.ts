import type { common, consent, conversation, crm } from '@parley/contracts';
import type { Promised } from '@parley/grpc';
import type { ErasedTable, Erasure } from '../../domain/statement.js';
import type { Subject } from '../../domain/subject.js';
import { Holders, type KnownCustomer } from '../../ports/holders.port.js';

/** Clients of the services that hold something about persons. */
export interface HolderClients {
  readonly conversation: Promised<conversation.ConversationServiceClient>;
  readonly crm: Promised<crm.CrmServiceClient>;
  readonly consent: Promised<consent.ConsentServiceClient>;
}

/** Removing the rows of a hundred persons may take a while behind live traffic, which goes first. */
const ERASE = { deadlineMs: 60_000 };

/** The other services, by gRPC. */
export class GrpcHolders extends Holders {
  constructor(private readonly clients: HolderClients) {
    super();
  }

  override async customers(subjects: readonly Subject[]): Promise<KnownCustomer[][]> {
    const lookups = subjects.map(({ kind, value }) => ({
      id: kind === 'customer_id' ? value : '',
      whatsappUserId: kind === 'user_id' ? value : '',
      phone: kind === 'phone' ? value : '',
      email: kind === 'email' ? value : '',
    }));
    const { results } = await this.clients.crm.findCustomers({ lookups }, ERASE);
    return results.map(({ customers }) => customers);
  }

  override async erase(erasures: readonly Erasure[]): Promise<Map<string, readonly ErasedTable[]>[]> {
    const contacts = erasures.map(({ identities, customerIds, erasedAt }): common.ErasedContact => {
      return { identities: [...identities], customerIds: [...customerIds], erasedAt };
    });
    const { conversation, crm, consent } = this.clients;
    // One after the other: an erasure is in no hurry, and customers are being answered meanwhile.
    const done = [
      ['conversation-service', await conversation.eraseContacts({ contacts }, ERASE)],
      ['crm-bridge', await crm.eraseContacts({ contacts }, ERASE)],
      ['consent-service', await consent.eraseContacts({ contacts }, ERASE)],
    ] as const;
    return erasures.map((_erasure, n) => new Map(done.map(([name, { results }]) => [name, results[n]?.tables ?? []])));
  }
}
