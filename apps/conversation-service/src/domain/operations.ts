/** Type of an argument as a flow writes it. Instants are ISO texts, durations ISO 8601. */
export type ArgumentType = 'string' | 'boolean' | 'number' | 'string[]' | 'duration';

/** An operation that flows may call. Argument names are those of the contract, in lowerCamel. */
export interface Operation {
  /** read: asked while the turn runs; write: decided first, answer needed; effect: decided now, done by others. */
  kind: 'read' | 'write' | 'effect';
  required: Record<string, ArgumentType>;
  optional: Record<string, ArgumentType>;
  /** Filled in by the interpreter, from the conversation: identity and keys are nothing content may choose. */
  filled: readonly string[];
  /** Only after `confirm:`. */
  destructive: boolean;
  /** Request message of the contract that the names come from. */
  request: string;
}

const operation = (request: string, kind: Operation['kind'], rest: Partial<Operation>): Operation => ({
  kind,
  request,
  required: {},
  optional: {},
  filled: [],
  destructive: false,
  ...rest,
});

/** Everything flows may call. */
export const OPERATIONS: Record<string, Operation> = {
  'erp.getOrder': operation('parley.erp.v1.OrderQuery', 'read', {
    required: { number: 'string' },
    filled: ['customerIds'],
  }),
  'erp.listOrders': operation('parley.erp.v1.ListOrdersRequest', 'read', {
    optional: { open: 'boolean', limit: 'number' },
    filled: ['customerId'],
  }),
  'erp.cancelOrder': operation('parley.erp.v1.CancelOrderRequest', 'write', {
    required: { number: 'string' },
    optional: { reason: 'string' },
    filled: ['customerIds', 'idempotencyKey'],
    destructive: true,
  }),
  'crm.findCustomers': operation('parley.crm.v1.CustomerLookup', 'read', {
    optional: { id: 'string', whatsappUserId: 'string', phone: 'string', email: 'string' },
  }),
  'crm.createTask': operation('parley.crm.v1.Task', 'effect', {
    required: { subject: 'string' },
    // `due` is a duration from now; the contract's due_at is computed from it.
    optional: { orderNumber: 'string', description: 'string', due: 'duration' },
    filled: ['customerId', 'conversationId'],
  }),
  'consent.record': operation('parley.consent.v1.RecordRequest', 'write', {
    required: { purpose: 'string', granted: 'boolean' },
    filled: ['contact', 'at', 'source', 'evidenceRef', 'idempotencyKey'],
  }),
};
