import { setTimeout as sleep } from 'node:timers/promises';
import { events } from '@parley/contracts';
import { AppError } from '@parley/errors';
import type { Tx } from '@parley/postgres';
import { passing } from '@parley/resilience';
import { payloadInvalid, REASONS } from '../domain/errors.js';
import { graphPayload } from '../domain/graph-payload.js';
import type { PairLimit } from '../domain/pair-limit.js';
import { isTemplate, type Lane, type NewSend } from '../domain/send.js';
import type { Clock } from '../ports/clock.port.js';
import type { Sends } from '../ports/sends.port.js';
import type { DispatchSends } from './dispatch-sends.js';
import type { NumberRate } from './number-rate.js';

/** Sends of a lane in hand at a time; the topic keeps the rest. Of a campaign just enough never to run dry. */
const MAX_IN_HAND: Record<Lane, number> = { live: 2000, bulk: 500 };
const ROOM_POLL_MS = 50;

/** Requests of one lane, in the order of their partitions. */
export interface RequestBatch {
  lane: Lane;
  requests: { message: events.MessageRequested; partition: number; offset: bigint }[];
  signal: AbortSignal;
  commitIn(tx: Tx): Promise<void>;
}

/** What accepting sends works with. */
export interface AcceptParts {
  sends: Sends;
  dispatch: DispatchSends;
  pairs: PairLimit;
  rates: ReadonlyMap<string, NumberRate>;
  clock: Clock;
}

/** Takes requested messages in: each is written down once, and leaves at once where nothing stands in its way. */
export class AcceptSends {
  /** Ids of a transaction whose outcome we did not hear. */
  readonly #unheard = new Set<string>();

  constructor(private readonly parts: AcceptParts) {}

  async run(batch: RequestBatch): Promise<void> {
    await this.#room(batch);
    const { sends, dispatch } = this.parts;
    const wanted = this.#wanted(batch);
    await Promise.all(this.#numbersOf(wanted).map((rate) => rate.prepare()));
    const planned = this.#plan(wanted);
    await passing('gateway.requests.read');
    const fresh = await sends
      .accept(planned, (tx) => batch.commitIn(tx))
      .catch((thrown: unknown) => {
        const error = AppError.from(thrown);
        if (error.code === 'UNAVAILABLE') for (const { message } of planned) this.#unheard.add(message.sendId);
        throw error;
      });
    for (const send of planned) {
      if (!fresh.has(send.message.sendId)) continue;
      if (send.state === 'sending') dispatch.start(send);
      else if (send.state === 'queued') dispatch.enqueue(send);
    }
    await this.#adopt(planned.flatMap(({ message: { sendId } }) => (fresh.has(sendId) ? [] : [sendId])));
  }

  /** Takes partitions over: what their last owner left, and how much of the pair limits is used up. */
  async assigned(lane: Lane, partitions: readonly number[]): Promise<void> {
    const { sends, history } = await this.parts.sends.leftBehind(lane, partitions);
    for (const [recipient, moments] of history) this.parts.pairs.restore(recipient, moments);
    await passing('gateway.partition.restored');
    for (const send of sends)
      if (!this.parts.dispatch.queues.has(send.message.sendId)) this.parts.dispatch.enqueue(send);
  }

  /** Records that came before but are in nobody's hands here: written by an owner that is gone, or by ourselves unheard. */
  async #adopt(known: string[]): Promise<void> {
    const strays = known.filter((id) => !this.parts.dispatch.queues.has(id));
    if (strays.length === 0) return;
    const unheard = strays.filter((id) => this.#unheard.has(id));
    const others = strays.filter((id) => !this.#unheard.has(id));
    for (const [ids, undo] of [
      [unheard, true],
      [others, false],
    ] as const) {
      if (ids.length === 0) continue;
      for (const send of await this.parts.sends.find(ids, undo)) this.parts.dispatch.enqueue(send);
      for (const id of ids) this.#unheard.delete(id);
    }
  }

  #wanted({ lane, requests }: RequestBatch): NewSend[] {
    const wanted = new Map<string, NewSend>();
    for (const { message, partition, offset } of requests) {
      if (message.sendId === '') throw payloadInvalid('it has no id');
      if (wanted.has(message.sendId) || this.parts.dispatch.queues.has(message.sendId)) continue;
      const recipient = this.parts.sends.recipientOf(message);
      const fixed = {
        message,
        lane,
        partition,
        offset,
        recipient,
        attempts: 0,
        resent: false,
        notBefore: 0,
        unsent: 0,
      };
      const reason = this.#refusal(message);
      wanted.set(message.sendId, { ...fixed, reason, state: reason === '' ? 'queued' : 'refused' });
    }
    return [...wanted.values()];
  }

  /** Decides which of them leave at once; of several to one recipient only the first may. */
  #plan(wanted: NewSend[]): NewSend[] {
    const taken = new Set<string>();
    for (const send of wanted) {
      if (send.state !== 'queued') continue;
      const first = !taken.has(send.recipient);
      taken.add(send.recipient);
      const reply = send.message.category === events.MessageCategory.REPLY;
      if (first && reply && this.parts.dispatch.takeNow(send)) Object.assign(send, { state: 'sending', attempts: 1 });
    }
    return wanted;
  }

  #refusal(message: events.MessageRequested): string {
    if (message.category === events.MessageCategory.UNSPECIFIED) return REASONS.categoryMissing;
    if (!this.parts.rates.has(message.recipient?.phoneNumberId ?? '')) return REASONS.numberNotConfigured;
    if (!isTemplate(message) && message.windowUntil && this.parts.clock.now() >= message.windowUntil) {
      return REASONS.windowClosed;
    }
    try {
      graphPayload(message);
      return '';
    } catch (thrown) {
      return AppError.from(thrown).reason;
    }
  }

  #numbersOf(sends: NewSend[]): NumberRate[] {
    const ids = new Set(sends.map(({ message }) => message.recipient?.phoneNumberId ?? ''));
    return [...ids].flatMap((id) => this.parts.rates.get(id) ?? []);
  }

  async #room({ lane, signal }: RequestBatch): Promise<void> {
    while (this.parts.dispatch.queues.count(lane) >= MAX_IN_HAND[lane] && !signal.aborted) await sleep(ROOM_POLL_MS);
  }
}
