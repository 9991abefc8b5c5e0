/**
 * What operators write, as the interpreter sees it: plain data, checked by `lint-content.ts` before it is used.
 * A text that begins with `=` is an expression over the facts of the turn; everything else is literal.
 */

/** A value a flow gives to a call: literal, or an expression. */
export type Template = string | number | boolean | null | Template[] | { [name: string]: Template };

/** What may happen at the end of a step, a branch or a handled error. */
export interface Outcome {
  /** Reply key. */
  reply?: string;
  /** Slot to ask for; the reply is the question. The step runs again with the answer. */
  ask?: string;
  /** Reason to hand over to a person. */
  handoff?: string;
  /** Silence on purpose. */
  quiet?: true;
  /** Nothing after this. */
  end?: true;
}

/** One arm of a `choose`: the first whose condition holds decides; the last is `else`. */
export interface Branch extends Outcome {
  if?: string;
  else?: true;
}

/** One step of a flow. Steps run in order. */
export interface Step extends Outcome {
  id: string;
  /** The step is skipped unless this holds. */
  if?: string;
  /** Operation to call. */
  call?: string;
  with?: Record<string, Template>;
  /** Name of the result for the steps after. */
  as?: string;
  /** What to do about an error: last part of its reason in lower case -> outcome. */
  on?: Record<string, Outcome>;
  /** Reply that asks yes or no before the step. */
  confirm?: string;
  /** What happens on no. */
  declined?: Outcome;
  choose?: Branch[];
  /** Done once in a conversation for this value. */
  once?: string;
  /** Language to go on in. */
  speak?: string;
  /** Orders to show as rows of the reply's list; a tap asks where that order is. */
  rows?: string;
  /** Facts to keep for later flows of this conversation. */
  remember?: Record<string, Template>;
}

/** Something a flow must know before its steps run. */
export interface SlotDefinition {
  /** Entity of the message that fills it. */
  from?: string;
  /** Call whose results are offered: one is taken, two to ten are a list to tap. */
  offer?: string;
  with?: Record<string, Template>;
  /** Reply that asks for it. */
  ask: string;
  /** Reply with the list; its rows are worded by the reply. */
  choose?: string;
  /** How long an answer given earlier counts (ISO 8601 duration); a day unless said. */
  keep?: string;
}

/** One flow of `content/flows`. */
export interface FlowDefinition {
  flow: string;
  version: number;
  intents: string[];
  /** A message that is nothing but one of these entities starts the flow. */
  entities?: string[];
  /** Words that choose this flow although the message was understood as one of `instead_of`. */
  phrases?: { instead_of: string[]; words: Record<string, string[]> };
  slots?: Record<string, SlotDefinition>;
  steps: Step[];
  otherwise?: Outcome;
}

/** A reply in one language. */
export interface ReplyText {
  text: string;
  /** Button id -> label. `yes` and `no` answer a confirmation; any other id is an intent. */
  buttons?: Record<string, string>;
  list?: { button: string; title: string; description?: string };
  /** Intent -> label: the likeliest of them become buttons. */
  choices?: Record<string, string>;
}

/** One file of `content/replies`. */
export interface LanguageDefinition {
  language: string;
  /** Its own name, for people. */
  name: string;
  /** Locale for dates and numbers. */
  locale: string;
  words: { yes: string[]; no: string[] };
  /** How times are worded; `introduction` is the half sentence of a first message. */
  phrases: Record<string, string>;
  replies: Record<string, ReplyText>;
}

/** An argument that texts may use. */
export interface ArgumentDefinition {
  value: string;
  /** Phrase that words it, for instants. */
  phrase?: string;
  /** The longest plausible value, for the check of lengths. */
  longest?: string;
}

/** One rule of `content/routing.yaml`; the first whose conditions all hold decides. */
export interface RoutingRule {
  when?: { reason?: string[]; intent?: string[]; language?: string[]; tier?: string[] };
  team: string;
  priority: 'low' | 'normal' | 'high' | 'urgent';
}

/** Intents below these confidences are not understood; by what a mistake costs. */
export interface ConfidenceDefinition {
  /** Holds for every intent that has none of its own. */
  default: number;
  intents?: Record<string, number>;
  /** From here on an intent that is not sure enough is named in a question; without it nothing is asked. */
  ask?: number;
}

/** `content/business.yaml`. */
export interface BusinessDefinition {
  name: string;
  /** Language of a number whose customers' language is unknown. */
  language: string;
  /** What holds for single numbers, by their phone number id. */
  numbers?: Record<string, { language: string }>;
  /** Zone of the opening hours; the installation's own when absent. */
  time_zone?: string;
  /** Minutes until a person usually answers, inside the hours. */
  wait_minutes: number;
  /** Day -> from and to, "HH:MM"; a day that is absent is closed. */
  hours: Partial<Record<Weekday, [string, string]>>;
  /** How sure it must be what a customer wants. */
  confidence: ConfidenceDefinition;
  /** What a flow does about an error it does not name. */
  otherwise: Outcome;
}

/** Days as `hours` names them. */
export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

/** One file of `content/intents`: an intent of the business's own. The intent service learns it; here it is kept with the version. */
export interface OwnIntentDefinition {
  intent: string;
  examples: string[];
  synonyms?: Record<string, string[]>;
  numbers?: { type: string; masks: string[] }[];
}

/** Everything in `content/` that a conversation runs on. */
export interface ContentDocuments {
  business: BusinessDefinition;
  arguments: Record<string, ArgumentDefinition>;
  routing: RoutingRule[];
  languages: LanguageDefinition[];
  flows: FlowDefinition[];
  /** Absent when there are none. */
  intents?: OwnIntentDefinition[];
}
