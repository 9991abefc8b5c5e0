import type { Capability } from '@parley/errors';

/** Everything a CRM may be asked for, in the words of the ports. */
export const OPERATIONS = [
  ...['findCustomers', 'upsertCustomer', 'importCustomers', 'getCustomerValue', 'setConsent', 'getConsent'],
  ...['logConversation', 'logActivity', 'createTicket', 'appendTranscript', 'updateTicketStatus', 'listTickets'],
  ...['createTask', 'listTasks', 'createLead', 'pollChanges', 'eraseContacts'],
] as const;

/** One of them. */
export type Operation = (typeof OPERATIONS)[number];

/** How a connector does each operation. */
export type Capabilities = Readonly<Record<string, Capability>>;
