import { AppError } from '@parley/errors';
import type { PersonCipher } from '@parley/postgres';
import { initialDialogState, type DialogState } from '../../domain/turn.js';
import type { AnsweredBy, Contact, Conversation, Said, Settled, TranscriptLine } from '../../ports/conversation.js';

/** A conversation with the hashes that lead to it, as every select of this folder returns it. */
export interface ConversationRow {
  id: string;
  phone_number_id: string;
  state: AnsweredBy;
  agent_id: string;
  team: string;
  handoff_reason: string;
  language: string;
  intent: string;
  window_until: Date | null;
  customer_id: string;
  contact: Buffer;
  display_name: Buffer | null;
  last_text: Buffer | null;
  dialog: Buffer | null;
  unread: number;
  version: bigint;
  updated_at: Date;
  identities: string[];
}

/** Columns of `ConversationRow`, for `from conversation c`. */
export const conversationColumns = `c.id, c.phone_number_id, c.state, c.agent_id, c.team, c.handoff_reason, c.language,
  c.intent, c.window_until, c.customer_id, c.contact, c.display_name, c.last_text, c.dialog, c.unread, c.version, c.updated_at,
  (select array_agg(o.hash order by o.id) from identity o where o.conversation_id = c.id and o.ended_at is null) as identities`;

/** A row of the transcript. */
export interface MessageRow {
  conversation_id: string;
  message_id: string;
  direction: 'inbound' | 'outbound';
  author: 'customer' | 'bot' | 'agent';
  agent_id: string;
  body: Buffer;
  type: string;
  at: Date;
  settled: Settled;
  wamid: string;
  failure_reason: string;
}

/** Unseals a text; what was sealed under a key that has been destroyed reads as nothing. */
export function unsealed(cipher: PersonCipher, data: Buffer | null): string {
  if (data === null) return '';
  try {
    return cipher.decrypt(data);
  } catch (thrown) {
    if (AppError.from(thrown).reason === 'VAULT.KEY_ERASED') return '';
    throw thrown;
  }
}

/** Seals a value as JSON. */
export const sealedJson = (cipher: PersonCipher, value: unknown): Buffer => cipher.encrypt(JSON.stringify(value));

/** Unseals JSON; undefined when the key is gone. */
export function unsealedJson<T>(cipher: PersonCipher, data: Buffer | null): T | undefined {
  const text = unsealed(cipher, data);
  return text === '' ? undefined : (JSON.parse(text) as T);
}

export function fromRow(row: ConversationRow, cipher: PersonCipher): Conversation {
  const contact = unsealedJson<Omit<Contact, 'phoneNumberId'>>(cipher, row.contact);
  return {
    id: row.id,
    contact: { phoneNumberId: row.phone_number_id, userId: '', waId: '', profileName: '', ...contact },
    identities: row.identities ?? [],
    customerId: row.customer_id,
    displayName: unsealed(cipher, row.display_name),
    state: row.state,
    agentId: row.agent_id,
    team: row.team,
    handoffReason: row.handoff_reason,
    language: row.language,
    intent: row.intent,
    windowUntil: row.window_until,
    dialog: { ...initialDialogState(), ...unsealedJson<DialogState>(cipher, row.dialog) },
    lastText: unsealed(cipher, row.last_text),
    unread: row.unread,
    version: row.version,
    updatedAt: row.updated_at,
  };
}

/** What is sealed of a contact: the business number is ours and stays readable. */
export function sealedContact(cipher: PersonCipher, { userId, waId, profileName }: Contact): Buffer {
  return sealedJson(cipher, { userId, waId, profileName });
}

export function sealedBody(cipher: PersonCipher, { text, choices }: Said): Buffer {
  return sealedJson(cipher, { text, choices });
}

export function lineFromRow(row: MessageRow, cipher: PersonCipher): TranscriptLine {
  const body = unsealedJson<{ text: string; choices: string[] }>(cipher, row.body);
  return {
    messageId: row.message_id,
    direction: row.direction,
    author: row.author,
    agentId: row.agent_id,
    text: body?.text ?? '',
    choices: body?.choices ?? [],
    type: row.type,
    at: row.at,
    settled: row.settled,
    wamid: row.wamid,
    failureReason: row.failure_reason,
  };
}
