import { common, events } from '@parley/contracts';
import { AppError } from '@parley/errors';
import type { PersonCipher, PersonVault } from '@parley/postgres';
import type { Lane, Send, SendRow, SendState } from '../../domain/send.js';

/** A row as it is read for sending. */
export interface OpenRow {
  send_id: string;
  lane: Lane;
  partition: number;
  topic_offset: bigint;
  recipient: string;
  identities: string[];
  message: Buffer;
  state: SendState;
  attempts: number;
  resent: boolean;
  retry_at: Date | null;
}

/** A row as far as outcomes and statuses concern it. */
export interface ProgressRow {
  send_id: string;
  state: SendState;
  status: number;
  message_id: string;
  reason: string;
  attempts: number;
  resent: boolean;
  delivered_twice: boolean;
  retry_at: Date | null;
  conversation_id: string;
  traceparent: string;
}

/** Columns of `ProgressRow`. */
export const PROGRESS = `send_id, state, status, message_id, reason, attempts, resent, delivered_twice, retry_at,
  conversation_id, traceparent`;

export function fromProgressRow(row: ProgressRow): SendRow {
  return {
    sendId: row.send_id,
    state: row.state,
    status: row.status,
    messageId: row.message_id,
    reason: row.reason,
    attempts: row.attempts,
    resent: row.resent,
    deliveredTwice: row.delivered_twice,
    retryAt: row.retry_at,
  };
}

/** Encrypts and decrypts the messages of sends, and makes the hashes they are found by. */
export class SendCodec {
  constructor(private readonly vault: PersonVault) {}

  /** Hashes of every identity a recipient has; one that has none is a person of its own, by its send id. */
  identitiesOf({ recipient, sendId }: events.MessageRequested): string[] {
    const { userId = '', waId = '' } = recipient ?? {};
    const hashes = [
      ...(userId ? [this.vault.lookupHash('user_id', userId)] : []),
      ...(waId ? [this.vault.lookupHash('wa_id', waId)] : []),
    ];
    return hashes.length > 0 ? hashes : [this.vault.lookupHash('user_id', `send:${sendId}`)];
  }

  /** The hash a recipient is queued under: one per number it is written to from. */
  recipientOf(message: events.MessageRequested): string {
    return `${message.recipient?.phoneNumberId ?? ''}:${this.identitiesOf(message)[0] ?? ''}`;
  }

  async encrypt(messages: readonly events.MessageRequested[]): Promise<Buffer[]> {
    const ciphers = await this.vault.open(messages.map((message) => this.identitiesOf(message)));
    return messages.map((message, n) => {
      const bytes = events.MessageRequested.encode(message).finish();
      return (ciphers[n] as PersonCipher).encrypt(Buffer.from(bytes).toString('base64'));
    });
  }

  /** Rows as sends. One whose person was erased has an empty message: it can only be refused. */
  async toSends(rows: readonly OpenRow[]): Promise<Send[]> {
    if (rows.length === 0) return [];
    const ciphers = await this.vault.open(rows.map(({ identities }) => identities));
    return rows.map((row, n) => ({
      message: this.#message(row, ciphers[n] as PersonCipher),
      lane: row.lane,
      partition: row.partition,
      offset: row.topic_offset,
      recipient: row.recipient,
      state: row.state,
      attempts: row.attempts,
      resent: row.resent,
      notBefore: row.retry_at?.getTime() ?? 0,
      unsent: 0,
    }));
  }

  #message(row: OpenRow, cipher: PersonCipher): events.MessageRequested {
    try {
      return events.MessageRequested.decode(Buffer.from(cipher.decrypt(row.message), 'base64'));
    } catch (thrown) {
      if (AppError.from(thrown).reason !== 'VAULT.KEY_ERASED') throw thrown;
      const phoneNumberId = row.recipient.split(':')[0] ?? '';
      const recipient = common.WhatsAppIdentity.fromPartial({ phoneNumberId });
      return events.MessageRequested.fromPartial({ sendId: row.send_id, recipient });
    }
  }
}
