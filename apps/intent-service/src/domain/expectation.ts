/** A reading of a message. */
interface Scored {
  readonly label: string;
  readonly probability: number;
}

/**
 * How many times likelier than otherwise a message is to mean this once that was asked. After "How was it?" praise is a rating,
 * and after "Shall I?" agreement an answer; what is clearly about something else stays that.
 */
const LIKELIER: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  rating: { csat_rating: 20, affirm: 0.1, deny: 0.1 },
  confirm: { affirm: 6, deny: 6 },
};

/** Probabilities once it is known what was asked; the most probable first. */
export function expecting<S extends Scored>(scored: readonly S[], context: string | undefined): S[] {
  const likelier = Object.hasOwn(LIKELIER, context ?? '') ? LIKELIER[context ?? ''] : undefined;
  if (!likelier) return [...scored];
  const weighed = scored.map((one) => ({ ...one, probability: one.probability * (likelier[one.label] ?? 1) }));
  const sum = weighed.reduce((total, { probability }) => total + probability, 0);
  return weighed
    .map((one) => ({ ...one, probability: one.probability / sum }))
    .sort((a, b) => b.probability - a.probability);
}
