/** Where something stands in an utterance; offsets in UTF-16 units. */
export interface Mark {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** One line of the training data: what a customer may write, and what it means. */
export interface Utterance {
  readonly text: string;
  /** BCP 47; `hi-Latn` for Hindi in Latin letters. */
  readonly language: string;
  readonly intent: string;
  readonly entities: readonly Mark[];
  /** How it is written: normal, short, wrong, angry, polite, voice, emoji, mixed or regional. */
  readonly style: string;
}

/** Every tenth utterance, chosen by its text, is never learned from: it says how good the model is. */
export function isHeldOut({ text }: Pick<Utterance, 'text'>): boolean {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return ((hash ^ (hash >>> 16)) >>> 0) % 10 === 0;
}
