import { channel } from 'node:diagnostics_channel';
import type { PlaceName } from './places.js';

/** Name of the diagnostics channel on which passages are told. */
export const PLACES_CHANNEL = 'parley.places';

/** What a subscriber of the channel gets. */
export interface Passage {
  readonly name: PlaceName;
  /** Set by a subscriber: who passes waits for it, and fails with it. */
  hold?: Promise<void>;
}

const passages = channel(PLACES_CHANNEL);

/**
 * Says that a named place of the code is being passed, to whoever observes the process; awaited, it takes as long as an
 * observer holds it and fails as an observer says. Without observers it costs one look and does nothing.
 */
export function passing(name: PlaceName): Promise<void> | undefined {
  if (!passages.hasSubscribers) return undefined;
  const passage: Passage = { name };
  passages.publish(passage);
  return passage.hold;
}
