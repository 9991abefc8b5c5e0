import { audit, channel, consent, conversation, crm, erp, intent } from '@parley/contracts';
import { grpcClient } from '@parley/grpc';
import type { System } from './system.js';

/** Clients of all services of a system; close them with the system. */
export function clientsOf(system: System) {
  const options = { deadlineMs: 10_000 };
  const clients = {
    channel: grpcClient(channel.ChannelServiceClient, system.grpc(0), options),
    conversation: grpcClient(conversation.ConversationServiceClient, system.grpc(1), options),
    intent: grpcClient(intent.IntentServiceClient, system.grpc(2), options),
    crm: grpcClient(crm.CrmServiceClient, system.grpc(3), options),
    erp: grpcClient(erp.ErpServiceClient, system.grpc(4), options),
    consent: grpcClient(consent.ConsentServiceClient, system.grpc(5), options),
    audit: grpcClient(audit.AuditServiceClient, system.grpc(6), options),
  };
  return { ...clients, close: () => Object.values(clients).forEach((client) => client.close()) };
}

export type Clients = ReturnType<typeof clientsOf>;
