import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import type { crm } from '@parley/contracts';
import { wrongFields } from '../domain/customer-rules.js';
import { badRequest } from '../domain/errors.js';
import { checkBatch, entryLimit, given, oneOf } from '../domain/requests.js';
import { TICKET_STATUSES } from '../domain/work.js';
import { Activities } from '../ports/activities.port.js';
import { Changes } from '../ports/changes.port.js';
import { Connector } from '../ports/connector.port.js';
import { Conversations } from '../ports/conversations.port.js';
import { Customers } from '../ports/customers.port.js';
import { Erasure } from '../ports/erasure.port.js';
import { Work } from '../ports/work.port.js';
import { LoadCustomers } from '../usecases/load-customers.js';
import { OpenTicket } from '../usecases/open-ticket.js';
import {
  fromActivity,
  fromCustomer,
  fromLogged,
  fromTask,
  fromTicket,
  toCustomer,
  toEntry,
  toTask,
  toTicket,
} from './wire.js';

const SERVICE = 'CrmService';
const PURPOSES = ['marketing', 'utility', 'all'] as const;
const CHANGES = 100;
const MOST_CHANGES = 1000;

/** `parley.crm.v1.CrmService`. */
@Controller()
export class CrmGrpc {
  constructor(
    private readonly customers: Customers,
    private readonly conversations: Conversations,
    private readonly work: Work,
    private readonly erasure: Erasure,
    private readonly activities: Activities,
    private readonly changes: Changes,
    private readonly connector: Connector,
    private readonly opening: OpenTicket,
    private readonly loading: LoadCustomers,
  ) {}

  @GrpcMethod(SERVICE, 'findCustomers')
  async findCustomers({ lookups }: crm.FindCustomersRequest): Promise<crm.FindCustomersResponse> {
    checkBatch('lookups', lookups);
    const found = await this.customers.find(lookups);
    return { results: found.map((customers) => ({ customers: customers.map(toCustomer) })) };
  }

  @GrpcMethod(SERVICE, 'upsertCustomer')
  async upsertCustomer({ customer, idempotencyKey }: crm.UpsertCustomerRequest): Promise<crm.UpsertCustomerResponse> {
    const patch = fromCustomer(given('customer', customer));
    const [wrong] = wrongFields(patch);
    if (wrong) throw badRequest(`customer.${wrong[0]}`, wrong[1]);
    return { customer: toCustomer(await this.customers.upsert(patch, idempotencyKey)) };
  }

  @GrpcMethod(SERVICE, 'logConversation')
  async logConversation({ messages }: crm.LogConversationRequest): Promise<crm.LogConversationResponse> {
    checkBatch('messages', messages);
    return { written: await this.conversations.log(messages.map(fromLogged)) };
  }

  @GrpcMethod(SERVICE, 'createTicket')
  async createTicket(request: crm.CreateTicketRequest): Promise<crm.CreateTicketResponse> {
    return { ticket: toTicket(await this.opening.run(fromTicket(request))) };
  }

  @GrpcMethod(SERVICE, 'updateTicketStatus')
  async updateTicketStatus(request: crm.UpdateTicketStatusRequest): Promise<crm.UpdateTicketStatusResponse> {
    const status = oneOf('status', request.status, TICKET_STATUSES);
    return { ticket: toTicket(await this.work.setTicketStatus(request.ticketId, status, request.idempotencyKey)) };
  }

  @GrpcMethod(SERVICE, 'appendTranscript')
  async appendTranscript(request: crm.AppendTranscriptRequest): Promise<crm.AppendTranscriptResponse> {
    const lastMessageId = given('last_message_id', request.lastMessageId);
    const mode = oneOf('mode', request.mode || 'text', ['text', 'file'] as const);
    const addition = { lastMessageId, lines: request.lines, mode };
    return { ticket: toTicket(await this.work.appendTranscript(request.ticketId, addition)) };
  }

  @GrpcMethod(SERVICE, 'logActivity')
  async logActivity(request: crm.LogActivityRequest): Promise<crm.LogActivityResponse> {
    return { written: await this.activities.log(fromActivity(request)) };
  }

  @GrpcMethod(SERVICE, 'createTask')
  async createTask(request: crm.CreateTaskRequest): Promise<crm.CreateTaskResponse> {
    return { task: toTask(await this.work.createTask(fromTask(request))) };
  }

  @GrpcMethod(SERVICE, 'createLead')
  async createLead({ idempotencyKey, ...lead }: crm.CreateLeadRequest): Promise<crm.CreateLeadResponse> {
    return { leadId: await this.work.createLead({ ...lead, key: idempotencyKey }) };
  }

  @GrpcMethod(SERVICE, 'setConsent')
  async setConsent(request: crm.SetConsentRequest): Promise<crm.SetConsentResponse> {
    const { phone, whatsappUserId, granted, evidenceRef } = request;
    const purpose = oneOf('purpose', request.purpose, PURPOSES);
    const at = given('at', request.at);
    const contact = { phone, whatsappUserId };
    return { updated: await this.customers.setConsent({ contact, purpose, granted, at, evidenceRef }) };
  }

  @GrpcMethod(SERVICE, 'getConsent')
  async getConsent({ purpose, ...contact }: crm.GetConsentRequest): Promise<crm.GetConsentResponse> {
    const word = await this.customers.consent(contact, oneOf('purpose', purpose, PURPOSES));
    return word ?? { granted: false, at: undefined, evidenceRef: '' };
  }

  @GrpcMethod(SERVICE, 'pollChanges')
  pollChanges({ cursor, limit }: crm.PollChangesRequest): Promise<crm.PollChangesResponse> {
    return this.changes.poll(cursor, Math.min(limit || CHANGES, MOST_CHANGES));
  }

  @GrpcMethod(SERVICE, 'getCapabilities')
  getCapabilities(): crm.GetCapabilitiesResponse {
    return { operations: this.connector.capabilities() };
  }

  @GrpcMethod(SERVICE, 'getCustomerValue')
  async getCustomerValue({ customerId }: crm.GetCustomerValueRequest): Promise<crm.GetCustomerValueResponse> {
    const { total, lastOrderAt, ...value } = await this.customers.value(customerId);
    return { value: { ...value, total, lastOrderAt } };
  }

  @GrpcMethod(SERVICE, 'listConversationEntries')
  async listConversationEntries(
    request: crm.ListConversationEntriesRequest,
  ): Promise<crm.ListConversationEntriesResponse> {
    const entries = await this.conversations.list(request, entryLimit(request.limit));
    return { entries: entries.map(toEntry) };
  }

  @GrpcMethod(SERVICE, 'listTasks')
  async listTasks(request: crm.ListTasksRequest): Promise<crm.ListTasksResponse> {
    return { tasks: (await this.work.tasks(request)).map(toTask) };
  }

  @GrpcMethod(SERVICE, 'listTickets')
  async listTickets(request: crm.ListTicketsRequest): Promise<crm.ListTicketsResponse> {
    return { tickets: (await this.work.tickets(request)).map(toTicket) };
  }

  @GrpcMethod(SERVICE, 'eraseContacts')
  async eraseContacts({ contacts }: crm.EraseContactsRequest): Promise<crm.EraseContactsResponse> {
    checkBatch('contacts', contacts);
    const erased = contacts.map(({ erasedAt, ...contact }) => ({ ...contact, erasedAt: given('erased_at', erasedAt) }));
    return { results: (await this.erasure.erase(erased)).map((tables) => ({ tables })) };
  }

  @GrpcMethod(SERVICE, 'importCustomers')
  async importCustomers({ customers }: crm.ImportCustomersRequest): Promise<crm.ImportCustomersResponse> {
    return this.loading.run(customers.map(fromCustomer));
  }
}
