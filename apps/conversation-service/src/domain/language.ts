/** The language of the content that fits a BCP 47 tag: the same, else one of the same base language; null for none. */
export function matchLanguage(tag: string, supported: Iterable<string>): string | null {
  const wanted = tag.toLowerCase().replace('_', '-');
  const known = [...supported];
  const base = wanted.split('-')[0];
  return (
    known.find((l) => l.toLowerCase() === wanted) ?? known.find((l) => l.toLowerCase().split('-')[0] === base) ?? null
  );
}

/** What is known about the language of a turn, strongest first; empty or null for what is unknown. */
export type LanguageHints = readonly (string | null | undefined)[];

/** The first hint that the content has a language for. */
export function chooseLanguage(hints: LanguageHints, supported: Iterable<string>, fallback: string): string {
  const known = [...supported];
  for (const hint of hints) {
    const found = hint ? matchLanguage(hint, known) : null;
    if (found !== null) return found;
  }
  return fallback;
}

/** The code of a language that somebody names: "es", "Spanish", "español"; null when the content does not have it. */
export function namedLanguage(text: string, supported: readonly { language: string; name: string }[]): string | null {
  const wanted = text.trim().toLowerCase();
  const codes = supported.map((l) => l.language);
  const byName = supported.find((l) => namesOf(l, codes).some((name) => name.toLowerCase() === wanted));
  return byName?.language ?? (/^[a-z]{2,3}([-_][a-z]{2,4})?$/i.test(wanted) ? matchLanguage(wanted, codes) : null);
}

// A language has a name in each of the languages we speak: "Spanisch", "espagnol", "الإسبانية".
function namesOf(language: { language: string; name: string }, speakers: readonly string[]): string[] {
  const base = language.language.split('-')[0]!;
  return [
    language.name,
    ...speakers.map((speaker) => new Intl.DisplayNames(speaker, { type: 'language' }).of(base) ?? ''),
  ];
}
