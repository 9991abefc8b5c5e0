import type { Setting } from './transcript.js';
import type { Calls, CustomerView, Understanding } from './turn.js';

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
  meaning: string[];
}) => Promise<Understanding>;
