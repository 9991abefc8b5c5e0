import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import type { crm } from '@parley/contracts';
import { wrongFields } from '../domain/customer-rules.js';
import { badRequest } from '../domain/errors.js';
import { checkBatch, entryLimit, given, oneOf } from '../domain/requests.js';
import { TICKET_STATUSES } from '../domain/work.js';
import { Conversations } from '../ports/conversations.port.js';
import { Customers } from '../ports/customers.port.js';
import { Erasure } from '../ports/erasure.port.js';
import { Work } from '../ports/work.port.js';
import { LoadCustomers } from '../usecases/load-customers.js';
import { OpenTicket } from '../usecases/open-ticket.js';
import { fromCustomer, fromLogged, fromTask, fromTicket, toCustomer, toEntry, toTask, toTicket } from './wire.js';

const SERVICE = 'CrmService';

/** `parley.crm.v1.CrmService`. */
@Controller()
export class CrmGrpc {
  constructor(
    private readonly customers: Customers,
    private readonly conversations: Conversations,
    private readonly work: Work,
    private readonly erasure: Erasure,
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
    const purpose = oneOf('purpose', request.purpose, ['marketing', 'utility', 'all'] as const);
    const at = given('at', request.at);
    const contact = { phone, whatsappUserId };
    return { updated: await this.customers.setConsent({ contact, purpose, granted, at, evidenceRef }) };
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
