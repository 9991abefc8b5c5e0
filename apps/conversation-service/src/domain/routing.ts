import type { RoutingRule } from './content.js';

/** What is known when a conversation is handed over. */
export interface RoutingFacts {
  reason: string;
  intent: string;
  language: string;
  tier: string | null;
}

/** Team and priority of the first rule whose conditions all hold. Lint makes sure that the last rule has none. */
export function route(
  rules: readonly RoutingRule[],
  facts: RoutingFacts,
): { team: string; priority: RoutingRule['priority'] } {
  const rule = rules.find((candidate) => fits(candidate, facts)) ?? rules.at(-1);
  return { team: rule?.team ?? 'service', priority: rule?.priority ?? 'normal' };
}

function fits({ when = {} }: RoutingRule, facts: RoutingFacts): boolean {
  const allows = (list: string[] | undefined, value: string | null): boolean =>
    list === undefined || list.includes(value ?? '');
  return (
    allows(when.reason, facts.reason) &&
    allows(when.intent, facts.intent) &&
    allows(when.language, facts.language) &&
    allows(when.tier, facts.tier)
  );
}
