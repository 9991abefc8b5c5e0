/** Pairs that tie all identities of one person together, in a fixed order: transactions that write the same pairs then wait for each other instead of blocking each other. */
export function linksOf(identities: readonly string[]): [string, string][] {
  const [first, ...rest] = [...new Set(identities)].sort();
  return first === undefined ? [] : rest.map((other) => [first, other]);
}

/** Whether two sets of identities have one in common. */
export function meet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  for (const identity of a) if (b.has(identity)) return true;
  return false;
}
