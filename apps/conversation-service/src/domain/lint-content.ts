import type { ContentDocuments, FlowDefinition } from './content.js';
import { CLARIFY } from './content-snapshot.js';
import { lintFlow } from './lint-flow.js';
import { lintIntents } from './lint-intents.js';
import { problemOf, type Located } from './lint-problem.js';
import { lintReplies } from './lint-replies.js';
import { isZone } from './wall-clock.js';

// Answers to a question of ours, which belong to no flow.
const KNOWN_WITHOUT_FLOW = new Set(['affirm', 'deny', 'confirm_order']);

/** Everything wrong with content that its schemas cannot see. */
export async function lintContent(documents: ContentDocuments): Promise<Located[]> {
  const problems: Located[] = [
    ...lintBusiness(documents),
    ...lintArguments(documents),
    ...lintRouting(documents),
    ...lintFlowNames(documents.flows),
    ...lintIntents(documents),
  ];
  documents.flows.forEach((flow, index) => {
    problems.push(...lintFlow(flow, documents).map((p) => ({ ...p, where: ['flows', index, ...p.where] })));
  });
  problems.push(...lintReplies(documents));
  return Promise.resolve(problems);
}

function lintBusiness({ business, languages, flows }: ContentDocuments): Located[] {
  const problems: Located[] = [];
  const add = (key: string, message: string): number => problems.push({ where: ['business', key], message });
  if (!languages.some((l) => l.language === business.language)) {
    add('language', `there is no replies/${business.language}.yaml: write it, or name another language`);
  }
  for (const [number, { language }] of Object.entries(business.numbers ?? {})) {
    if (languages.some((l) => l.language === language)) continue;
    const message = `there is no replies/${language}.yaml: write it, or name another language`;
    problems.push({ where: ['business', 'numbers', number, 'language'], message });
  }
  if (business.time_zone !== undefined && !isZone(business.time_zone)) {
    add('time_zone', `"${business.time_zone}" is not a time zone: use a name such as Europe/Berlin`);
  }
  for (const [day, [from, to]] of Object.entries(business.hours)) {
    if (from >= to) add('hours', `${day}: ${from} is not before ${to}`);
  }
  if (!flows.some((flow) => flow.intents.includes('oos'))) {
    add('name', 'no flow answers what nobody understands: give one flow the intent "oos"');
  }
  const answered = (intent: string): boolean => flows.some((flow) => flow.intents.includes(intent));
  const unanswered = (intent: string, ...where: Located['where']): number =>
    problems.push({ where, message: `no flow answers the intent "${intent}": correct its name, or remove it` });
  for (const intent of Object.keys(business.confidence.intents ?? {})) {
    if (!KNOWN_WITHOUT_FLOW.has(intent) && !answered(intent)) {
      unanswered(intent, 'business', 'confidence', 'intents', intent);
    }
  }
  languages.forEach(({ replies }, index) => {
    const choices = Object.keys(replies[CLARIFY]?.choices ?? {});
    for (const intent of choices.filter((one) => !answered(one))) {
      unanswered(intent, 'languages', index, 'replies', CLARIFY, 'choices', intent);
    }
    if (business.confidence.ask !== undefined && choices.length === 0) {
      problems.push({
        where: ['languages', index, 'replies'],
        message: `"ask" in business.yaml needs a reply "${CLARIFY}" with choices: write it, or remove "ask"`,
      });
    }
  });
  return problems;
}

function lintArguments({ arguments: definitions, languages }: ContentDocuments): Located[] {
  return Object.entries(definitions).flatMap(([name, { value, phrase, longest }]) => {
    const problems: Located[] = [];
    const where = ['arguments', name];
    if (problemOf(value) !== null) problems.push({ where, message: problemOf(value)! });
    if (phrase === undefined && longest === undefined) {
      problems.push({ where, message: 'say how long it can be ("longest"), or which phrase words it ("phrase")' });
    }
    if (phrase !== undefined && languages.some((l) => l.phrases[phrase] === undefined)) {
      problems.push({ where, message: `phrase "${phrase}" is missing in a language` });
    }
    return problems;
  });
}

function lintRouting({ routing }: ContentDocuments): Located[] {
  const last = routing.at(-1);
  if (last === undefined || last.when !== undefined) {
    return [
      {
        where: ['routing', routing.length - 1],
        message: 'the last rule must have no "when", so that every hand-off has a team',
      },
    ];
  }
  return routing
    .slice(0, -1)
    .flatMap((rule, index) =>
      rule.when === undefined
        ? [{ where: ['routing', index], message: 'rules after one without "when" are never reached' }]
        : [],
    );
}

function lintFlowNames(flows: FlowDefinition[]): Located[] {
  const problems: Located[] = [];
  const claimed = new Map<string, string>();
  flows.forEach((flow, index) => {
    if (flows.findIndex((other) => other.flow === flow.flow) !== index) {
      problems.push({ where: ['flows', index, 'flow'], message: `flow "${flow.flow}" exists twice: rename one` });
    }
    flow.intents.forEach((intent, at) => {
      const owner = claimed.get(intent);
      if (owner !== undefined) {
        problems.push({
          where: ['flows', index, 'intents', at],
          message: `intent "${intent}" belongs to flow "${owner}" already`,
        });
      }
      claimed.set(intent, flow.flow);
    });
  });
  return problems;
}
