/** Tells which conversations change, in whatever replica they do. */
export abstract class Changes {
  /** Calls `onChange` with a conversation id, or with '' when changes may have been missed. Returns how to stop. */
  abstract subscribe(onChange: (conversationId: string) => void): () => void;
}
