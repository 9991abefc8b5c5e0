import type { SendFault } from '../domain/faults.js';
import { GraphFailure } from '../domain/graph-errors.js';
import { newTraceId } from '../domain/identifiers.js';
import { isObject, type JsonObject } from '../domain/json.js';
import { validateSend, type ReadReceipt, type SendMessage } from '../domain/send-validation.js';
import { withoutToken, type SendResult } from '../domain/sends.js';
import type { World } from '../domain/world.js';
import type { Clock } from '../ports/clock.port.js';
import type { AcceptSend } from './accept-send.js';

/** What happens on the connection of a Graph POST. */
export type Outcome =
  | { action: 'answer'; http: number; body: JsonObject | undefined; delayMs: number; retryAfter?: number }
  /** Nothing is answered; the connection is cut after the time given. */
  | { action: 'cut'; afterMs: number };

export interface SendCall {
  numberId: string;
  headers: JsonObject;
  body: unknown;
}

/** `POST /{phone-number-id}/messages`: faults, validation, acceptance, and the record of it. */
export class ReceiveSend {
  constructor(
    private readonly world: World,
    private readonly accept: AcceptSend,
    private readonly clock: Clock,
  ) {}

  /** Never throws for what Graph would answer with an error: that is an outcome too. */
  async run(call: SendCall): Promise<Outcome> {
    const fault = this.faultFor(call.body);
    const at = new Date(this.clock.now()).toISOString();
    const { outcome, result } = await this.decide(call, fault);
    this.world.sends.add({
      at,
      phone_number_id: call.numberId,
      headers: withoutToken(call.headers),
      body: call.body,
      result,
    });
    return outcome;
  }

  /** Read receipts are not sends: faults pass them by. */
  private faultFor(body: unknown): SendFault | undefined {
    if (!isObject(body) || body['status'] !== undefined) return undefined;
    const names = [body['to'], body['recipient']].flatMap((name) =>
      typeof name === 'string' ? [name.replace(/^\+/, '')] : [],
    );
    const phone = names.flatMap((name) => this.world.customers.byUser(name)?.waId ?? []);
    const userId = names.flatMap((name) => this.world.customers.byPhone(name)?.userId ?? []);
    return this.world.faults.strike([...names, ...phone, ...userId], this.world.random);
  }

  private async decide(
    call: SendCall,
    fault: SendFault | undefined,
  ): Promise<{ outcome: Outcome; result: SendResult }> {
    try {
      if (fault?.kind === 'graph_error') throw new GraphFailure(fault.code, fault.details, { http: fault.http_status });
      if (fault && !fault.accepted && isSilent(fault)) return refusedBy(fault);
      const message = validateSend(call.body);
      if (message.kind === 'read') return this.read(message);
      return await this.take(call.numberId, message, fault);
    } catch (error) {
      if (!(error instanceof GraphFailure)) throw error;
      return failed(error, fault);
    }
  }

  private async take(numberId: string, message: SendMessage, fault: SendFault | undefined) {
    const { wamid, body } = await this.accept.run(numberId, message, fault);
    if (fault && isSilent(fault)) {
      const { outcome, result } = refusedBy(fault);
      return { outcome, result: { ...result, accepted: true, wamid } };
    }
    const delayMs = fault?.kind === 'delay' ? fault.delay_ms : 0;
    const outcome: Outcome = { action: 'answer', http: 200, body, delayMs };
    const result: SendResult = { kind: 'accepted', accepted: true, http_status: 200, wamid, delay_ms: delayMs };
    return { outcome, result };
  }

  private read({ messageId, typing }: ReadReceipt): { outcome: Outcome; result: SendResult } {
    const waId = this.world.chats.ownerOf(messageId);
    if (waId === undefined) throw new GraphFailure(131009, 'Parameter value is not valid: message_id is unknown.');
    const entries = this.world.chats.markReadUpTo(waId, messageId);
    for (const entry of entries) this.world.feed.tell({ type: 'entry', waId, entry });
    if (typing) this.world.feed.tell({ type: 'typing', waId });
    const outcome: Outcome = { action: 'answer', http: 200, body: { success: true }, delayMs: 0 };
    return { outcome, result: { kind: 'read', accepted: true, http_status: 200, wamid: messageId } };
  }
}

function isSilent({ kind }: SendFault): boolean {
  return kind === 'http_error' || kind === 'timeout' || kind === 'reset';
}

/** How a call ends that gets no Graph body. */
function refusedBy(fault: SendFault): { outcome: Outcome; result: SendResult } {
  if (fault.kind === 'http_error') {
    const http = fault.http_status ?? 503;
    const outcome: Outcome = { action: 'answer', http, body: undefined, delayMs: 0, retryAfter: fault.retry_after };
    return { outcome, result: { kind: 'http_error', accepted: false, http_status: http } };
  }
  const kind = fault.kind === 'timeout' ? 'timeout' : 'reset';
  const outcome: Outcome = { action: 'cut', afterMs: kind === 'timeout' ? fault.delay_ms : 0 };
  return { outcome, result: { kind, accepted: false } };
}

function failed(error: GraphFailure, fault: SendFault | undefined): { outcome: Outcome; result: SendResult } {
  const body = error.toBody(newTraceId());
  const retryAfter = fault?.kind === 'graph_error' ? fault.retry_after : undefined;
  const outcome: Outcome = { action: 'answer', http: error.http, body, delayMs: 0, retryAfter };
  return { outcome, result: { kind: 'error', accepted: false, http_status: error.http, code: error.code } };
}
