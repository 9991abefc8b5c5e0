/**
 * A turn is one message of a customer and what Parley decides about it. This file is the seam between the flow interpreter
 * (which decides) and the service around it (which loads, commits and sends).
 */

/** The customer as the CRM knows it; null fields are unknown. */
export interface CustomerView {
  id: string;
  name: string;
  phone: string | null;
  email: string | null;
  language: string | null;
  timeZone: string | null;
  tier: string | null;
  tags: string[];
}

/** The message to react to, already reduced to what flows may see. */
export interface IncomingMessage {
  /** wamid. */
  id: string;
  /** Meta's type: text, interactive, button, image, audio, ... */
  type: string;
  /** Typed text, caption or the label of a tapped choice; empty for none. */
  text: string;
  /** Id of the tapped button or row; null for anything else. */
  replyId: string | null;
  /** Meta's timestamp. */
  sentAt: Date;
}

/** What the intent service made of the message. */
export interface Understanding {
  intent: string;
  confidence: number;
  alternatives: { intent: string; confidence: number }[];
  entities: { type: string; text: string; value: string; start: number; end: number }[];
  /** BCP 47; empty when fewer than three words were recognised with confidence. */
  language: string;
}

/** Where a conversation stands between two messages. Plain JSON: it is stored encrypted with the conversation. */
export interface DialogState {
  /** Running flow as "name@version"; null between flows. */
  flow: string | null;
  /** Step the flow waits in; null when the whole flow is still to run. */
  step: string | null;
  /** What was asked last: a slot name, "confirm" or null. */
  asked: string | null;
  /** How often it has been asked in a row. */
  askedTimes: number;
  slots: Record<string, unknown>;
  /** Results of calls, by the name the flow gave them. */
  results: Record<string, unknown>;
  /** Choices offered with the last reply: id -> value for the slot. */
  choices: Record<string, unknown>;
  /** Misunderstandings in a row. */
  misunderstandings: number;
  /** Whether the first message of this conversation has been answered (it carries the greeting). */
  greeted: boolean;
  /** BCP 47 language of the last reply; null before the first. */
  language: string | null;
  /** Orders of somebody else that this number may see: normalised number -> owner and end of the permission (ISO time). */
  grants: Record<string, { customerId: string; until: string }>;
  /** ISO times of wrong e-mail addresses given for somebody else's order. */
  wrongAddresses: string[];
  /** ISO times at which slots were filled: an answer counts for later questions too, but not for ever. */
  slotTimes?: Record<string, string>;
  /** Steps done `once`: flow, step and value -> the result they had. */
  done?: Record<string, unknown>;
}

/** A state before anything was said. */
export const initialDialogState = (): DialogState => ({
  flow: null,
  step: null,
  asked: null,
  askedTimes: 0,
  slots: {},
  results: {},
  choices: {},
  misunderstandings: 0,
  greeted: false,
  language: null,
  grants: {},
  wrongAddresses: [],
});

/** A button or list row. */
export interface Choice {
  id: string;
  title: string;
  description?: string;
}

/** The one message Parley answers with. */
export interface ReplyMessage {
  /** Reply key it came from, for example "order-arrives". */
  key: string;
  text: string;
  language: string;
  buttons?: Choice[];
  list?: { button: string; rows: Choice[] };
}

/** Something the turn decided that is done by others, from the record it leaves with. */
export type Effect =
  | {
      kind: 'task';
      key: string;
      subject: string;
      orderNumber: string;
      dueAt: Date;
      description: string;
    }
  | { kind: 'handoff'; reason: string; team: string; priority: 'low' | 'normal' | 'high' | 'urgent' };

/** Everything the interpreter is told. It reads no clock and no database. */
export interface TurnInput {
  conversationId: string;
  /** The number's default language and zone, already resolved. */
  defaults: { language: string; timeZone: string };
  customer: CustomerView | null;
  /** The CRM could not be asked: who this is stays open, and nobody may be taken for a stranger because of it. */
  customerAway?: boolean;
  /** E.164 or digits of the sender, also when the CRM does not know them; only its country is used. */
  contactPhone?: string | null;
  message: IncomingMessage;
  understanding: Understanding;
  state: DialogState;
  /** The step's own clock; the same again when the turn is replayed. */
  now: Date;
  /** The frame of a writing call that was begun for this message and whose result was never committed; null normally. */
  resume: JournalFrame | null;
}

/** What the turn decided. */
export interface TurnResult {
  state: DialogState;
  /** Null means: be quiet. */
  reply: ReplyMessage | null;
  effects: Effect[];
  /** Calls made in this turn, for the audit trail; arguments and results without secrets. */
  calls: CallRecord[];
  /** Flow, version and step that decided, for example "track-order@1/answer". */
  decidedBy: string;
  /** Order number the turn was about, as the ERP writes it; empty for none. */
  orderNumber: string;
}

/** A call that was made. */
export interface CallRecord {
  operation: string;
  args: Record<string, unknown>;
  /** "ok" or the stable reason. */
  outcome: string;
  result: unknown;
  durationMs: number;
  /** Idempotency key of a writing call; empty for reads. */
  idempotencyKey: string;
}

/** What is committed before a writing call, so that a repeat replays exactly this call. */
export interface JournalFrame {
  /** Step that calls. */
  step: string;
  operation: string;
  args: Record<string, unknown>;
  idempotencyKey: string;
  /** State of the dialog right before the call. */
  state: DialogState;
  /** `now` of the turn, ISO. */
  now: string;
  /** Content version the turn runs on. */
  contentVersion: string;
}

/** Result of a call: a value, or the stable reason of an error that a flow may handle ("ORDER.NOT_FOUND"). */
export type CallOutcome = { ok: true; value: unknown } | { ok: false; reason: string };

/**
 * How the interpreter reaches other systems. Implementations join reads of many conversations into batch calls.
 * A dependency that cannot be reached throws a retryable AppError (the turn is run again later); only when the system
 * behind the bridge says that it is away is the outcome `{ ok: false, reason: '<SYSTEM>.UNAVAILABLE' }`.
 */
export interface Calls {
  /** A reading operation, for example "erp.getOrder", "erp.listOrders", "crm.findCustomers". */
  read(operation: string, args: Record<string, unknown>): Promise<CallOutcome>;
  /** A writing operation whose answer the reply needs. The frame is durable before the call leaves. */
  write(frame: JournalFrame): Promise<CallOutcome>;
}
