import type { FlowDefinition } from '../domain/content.js';
import { flowKey, type ContentSnapshot } from '../domain/content-snapshot.js';
import type { Facts } from '../domain/expression.js';
import { chooseLanguage } from '../domain/language.js';
import { openingAt } from '../domain/opening-hours.js';
import { chooseZone } from '../domain/time-zone.js';
import {
  initialDialogState,
  type Calls,
  type CallRecord,
  type DialogState,
  type Effect,
  type IncomingMessage,
  type ReplyMessage,
  type TurnInput,
  type TurnResult,
} from '../domain/turn.js';

/** One turn while it is being decided: what is known, and what has been decided so far. */
export class Turn {
  readonly message: IncomingMessage;
  readonly now: Date;
  readonly zone: string;
  state: DialogState;
  language: string;
  intent: string;
  private readonly business: Facts;
  flow: FlowDefinition | null = null;
  reply: ReplyMessage | null = null;
  decidedBy = '';
  /** Half a sentence before the reply, when a question is asked again. */
  lead = '';
  orderNumber = '';
  readonly effects: Effect[] = [];
  readonly records: CallRecord[] = [];
  /** What was being asked when the message came: the same question again counts on. */
  asking: { slot: string; times: number } | null = null;

  constructor(
    readonly input: TurnInput,
    readonly calls: Calls,
    readonly content: ContentSnapshot,
  ) {
    const { resume, customer, defaults, understanding } = input;
    this.message = input.message;
    this.now = resume === null ? input.now : new Date(resume.now);
    this.state = structuredClone({ ...initialDialogState(), ...(resume?.state ?? input.state) });
    this.intent = understanding.intent;
    this.zone = chooseZone(customer?.timeZone, customer?.phone ?? input.contactPhone, defaults.timeZone);
    const chosen = this.state.slots.language as string | undefined;
    const hints =
      resume === null
        ? [chosen, understanding.language, customer?.language, this.state.language]
        : [resume.state.language];
    const fallback = chooseLanguage([defaults.language], content.languages.keys(), content.business.language);
    this.language = chooseLanguage(hints, content.languages.keys(), fallback);
    this.state.language = this.language;
    this.business = this.businessFacts();
  }

  /** What expressions may read about the business. Hours are worked out only when somebody asks: most turns do not. */
  private businessFacts(): Facts {
    const { business } = this.content;
    const zone = business.time_zone ?? this.input.defaults.timeZone;
    let known: { open: boolean; opensAt: Date | null } | undefined;
    const hours = (): { open: boolean; opensAt: Date | null } => (known ??= openingAt(business, this.now, zone));
    return {
      name: business.name,
      waitMinutes: business.wait_minutes,
      get open(): boolean {
        return hours().open;
      },
      get opensAt(): string | undefined {
        return hours().opensAt?.toISOString();
      },
    };
  }

  /** What expressions may read. */
  facts(extra: Facts = {}): Facts {
    return {
      ...this.state.results,
      slots: this.state.slots,
      customer: this.input.customer,
      message: { id: this.message.id, text: this.message.text, type: this.message.type },
      now: this.now.toISOString(),
      intent: this.intent,
      entities: Object.fromEntries(this.input.understanding.entities.map((e) => [e.type, e.value])),
      greeted: this.state.greeted,
      business: this.business,
      ...extra,
    };
  }

  decided(step: string): void {
    if (this.flow !== null) this.decidedBy = `${flowKey(this.flow)}/${step}`;
  }

  setSlot(slot: string, value: unknown): void {
    this.state.slots[slot] = value;
    this.state.slotTimes = { ...this.state.slotTimes, [slot]: this.now.toISOString() };
  }

  /** Between flows again. What the customer has told stays in the slots. */
  leaveFlow(): void {
    Object.assign(this.state, { flow: null, step: null, asked: null, askedTimes: 0, results: {}, choices: {} });
  }

  result(): TurnResult {
    const { state, reply, effects, records, decidedBy, orderNumber } = this;
    return { state, reply, effects, calls: records, decidedBy, orderNumber };
  }
}
