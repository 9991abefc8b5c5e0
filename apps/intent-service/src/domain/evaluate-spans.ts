/** Where something stands, or was found. */
export interface Span {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** How well one type of entity was found; a span counts when both of its ends are right. */
export interface SpanScore {
  type: string;
  marked: number;
  found: number;
  f1: number;
}

/** Scores of the types that are marked anywhere. */
export function scoreSpans(rows: readonly { marked: readonly Span[]; found: readonly Span[] }[]): SpanScore[] {
  const types = [...new Set(rows.flatMap(({ marked }) => marked.map(({ type }) => type)))].sort();
  return types.map((type) => {
    const count = (spans: readonly Span[]): number => spans.filter((span) => span.type === type).length;
    const marked = rows.reduce((sum, row) => sum + count(row.marked), 0);
    const found = rows.reduce((sum, row) => sum + count(row.found), 0);
    const right = rows.reduce((sum, row) => {
      const isRight = (span: Span): boolean =>
        span.type === type &&
        row.found.some((other) => other.type === type && other.start === span.start && other.end === span.end);
      return sum + row.marked.filter(isRight).length;
    }, 0);
    return { type, marked, found, f1: (2 * right) / (marked + found) };
  });
}
