import { message } from './message-text.js';

/** Part of a parsed ICU text, as far as it matters here. */
interface Element {
  type: number;
  value?: unknown;
  options?: Record<string, { value: Element[] }>;
}

// Of the parser's element types, 0 is literal text and 7 the `#` of a plural; all others name an argument.
const WITHOUT_NAME = new Set([0, 7]);

/** Arguments of a text: all it uses, and those that must have a value because they are printed without a branch for `none`. */
export interface TextArguments {
  all: ReadonlySet<string>;
  needed: ReadonlySet<string>;
}

const known = new Map<string, TextArguments>();

/** The arguments an ICU text uses, in its branches too. Throws when the text cannot be parsed. */
export function argumentsOf(text: string): TextArguments {
  const cached = known.get(text);
  if (cached !== undefined) return cached;
  const all = new Set<string>();
  const needed = new Set<string>();
  collect(message(text, 'en').getAst(), { all, needed, guarded: new Set() });
  known.set(text, { all, needed });
  return { all, needed };
}

interface Found {
  all: Set<string>;
  needed: Set<string>;
  guarded: ReadonlySet<string>;
}

function collect(elements: Element[], found: Found): void {
  for (const { type, value, options } of elements) {
    const name = WITHOUT_NAME.has(type) ? null : String(value);
    const guards = name !== null && options?.none !== undefined;
    if (name !== null) {
      found.all.add(name);
      if (!guards && !found.guarded.has(name)) found.needed.add(name);
    }
    const guarded = guards ? new Set([...found.guarded, name]) : found.guarded;
    for (const option of Object.values(options ?? {})) collect(option.value, { ...found, guarded });
  }
}
