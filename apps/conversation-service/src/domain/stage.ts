import type { Scene, Setting } from './transcript.js';
import type { Calls, CustomerView, IncomingMessage, ReplyMessage, Understanding } from './turn.js';

/** One message of a scene, as it reaches whoever answers it. */
export interface Delivery {
  /** Who writes, by the name the scene gives them; "stranger" is nobody the CRM knows. */
  speaker: string;
  message: IncomingMessage;
  /** What the transcript says the message means: `intent [confidence] [language]`; empty for nothing. */
  meaning: readonly string[];
  now: Date;
}

/** A call that was made, or something that was given to a system. */
export interface Happening {
  name: string;
  words: string[];
  values: Record<string, unknown>;
  /** Whether it succeeded. */
  done: boolean;
}

/** What came of a message. */
export interface Outcome {
  reply: ReplyMessage | null;
  happenings: Happening[];
  /** What is wrong whatever the transcript expects, for example a message understood as something else. */
  problems: string[];
}

/** Answers the messages of one scene, one after the other. */
export interface Cast {
  deliver(delivery: Delivery): Promise<Outcome>;
  /** Makes a system ("erp") answer that it is away, or be back. */
  away(system: string, away: boolean): void;
}

/** Sets the stage of a scene and says who answers; the defaults are those of the number that is written to. */
export type BeginScene = (scene: Scene, defaults: { language: string; timeZone: string }) => Promise<Cast>;

/** The systems a scene of a transcript is played on, loaded with what its settings name. */
export interface Stage {
  calls: Calls;
  /** Customers in the order of the settings, by the names the scene gives them. */
  customers: ReadonlyMap<string, CustomerView>;
  /** Makes a system ("erp") answer that it is away, or be back. */
  away(system: string, away: boolean): void;
}

/** Builds the stage of a scene. */
export type SetStage = (settings: readonly Setting[]) => Promise<Stage>;

/** Understands a message as the intent service would; `meaning` is what the transcript says about it. */
export type Understand = (said: {
  text: string;
  language: string;
  asked: string | null;
  meaning: readonly string[];
}) => Promise<Understanding>;
