import type { ContentDocuments } from './content.js';
import { BUILT_IN_INTENTS } from './known-intents.js';
import type { Located } from './lint-problem.js';

/** What is wrong with the names of intents: nobody understands a message as an intent that nobody knows. */
export function lintIntents({ flows, routing, intents = [] }: ContentDocuments): Located[] {
  const own = new Set(intents.map(({ intent }) => intent));
  const unknown = (names: readonly string[] = [], where: Located['where']): Located[] =>
    names.flatMap((name, at) => {
      if (BUILT_IN_INTENTS.has(name) || own.has(name)) return [];
      const message = `intent "${name}" is not known: correct its name, or teach it by examples in intents/${name.replaceAll('_', '-')}.yaml`;
      return [{ where: [...where, at], message }];
    });
  return [
    ...flows.flatMap((flow, index) => unknown(flow.intents, ['flows', index, 'intents'])),
    ...routing.flatMap((rule, index) => unknown(rule.when?.intent, ['routing', index, 'when', 'intent'])),
    ...lintOwnNames(intents.map(({ intent }) => intent)),
  ];
}

function lintOwnNames(names: readonly string[]): Located[] {
  return names.flatMap((name, index): Located[] => {
    const where = ['intents', index, 'intent'];
    if (BUILT_IN_INTENTS.has(name)) {
      return [
        { where, message: `"${name}" is an intent that Parley has: write a flow for it, or choose another name` },
      ];
    }
    if (names.indexOf(name) === index) return [];
    return [{ where, message: `intent "${name}" exists twice: rename one, or put the examples into one file` }];
  });
}
