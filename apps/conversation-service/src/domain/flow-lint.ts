import type { ContentDocuments, FlowDefinition, Outcome } from './content.js';
import { isExpression, pathsOf } from './expression.js';
import { problemOf, type Located } from './lint-problem.js';
import { argumentsOf } from './message-arguments.js';

/** Keys and indexes that lead to a place in a flow. */
export type Path = (string | number)[];

/** Facts that every expression may read. */
export const GIVEN = ['slots', 'customer', 'message', 'now', 'intent', 'entities', 'greeted', 'business'];

/** Collects what is wrong in one flow, with what is known at the place that is looked at. */
export class FlowLint {
  readonly problems: Located[] = [];
  private readonly remembered: Set<string>;

  constructor(
    readonly flow: FlowDefinition,
    readonly documents: ContentDocuments,
  ) {
    const names = documents.flows.flatMap((f) => f.steps.flatMap((step) => Object.keys(step.remember ?? {})));
    this.remembered = new Set([...names, 'language']);
  }

  add(where: Path, message: string): void {
    this.problems.push({ where, message });
  }

  /** Checks every expression in a template against what is known here. */
  expressions(template: unknown, where: Path, scope: ReadonlySet<string>): void {
    if (isExpression(template)) {
      const problem = problemOf(template);
      if (problem !== null) return this.add(where, problem);
      for (const [root, second] of pathsOf(template)) this.path(root!, second, where, scope);
    } else if (typeof template === 'object' && template !== null) {
      for (const [key, part] of Object.entries(template)) this.expressions(part, [...where, key], scope);
    }
  }

  /** Checks that a reply exists and that what its text needs is known here. */
  reply(key: string, where: Path, scope: ReadonlySet<string>): void {
    const texts = this.documents.languages.map((l) => l.replies[key]).filter((r) => r !== undefined);
    if (texts.length === 0)
      return this.add(where, `reply "${key}" does not exist: write it in replies/*.yaml, or correct the name`);
    for (const name of neededBy(texts.map((t) => t.text))) {
      const value = this.documents.arguments[name]?.value;
      if (value === undefined || problemOf(value) !== null) continue;
      const unknown = pathsOf(value).find(([root, second]) => !this.known(root!, second, scope));
      if (unknown !== undefined) {
        this.add(
          where,
          `reply "${key}" needs {${name}}, but "${unknown.join('.')}" is not known here: look it up first`,
        );
      }
    }
  }

  outcome(outcome: Outcome, where: Path, scope: ReadonlySet<string>): void {
    if (outcome.reply !== undefined) this.reply(outcome.reply, [...where, 'reply'], scope);
    if (outcome.ask !== undefined && this.flow.slots?.[outcome.ask] === undefined) {
      this.add([...where, 'ask'], `slot "${outcome.ask}" is not declared: add it under "slots"`);
    }
  }

  /** Checks that a reply has the buttons or the list that its use needs, in every language. */
  has(key: string, part: 'list' | 'yes and no', where: Path): void {
    for (const { language, replies } of this.documents.languages) {
      const reply = replies[key];
      if (reply === undefined) continue;
      const fits = part === 'list' ? reply.list : reply.buttons?.yes && reply.buttons.no;
      if (!fits)
        this.add(where, `reply "${key}" needs ${part === 'list' ? 'a list' : 'the buttons yes and no'} in ${language}`);
    }
  }

  private path(root: string, second: string | undefined, where: Path, scope: ReadonlySet<string>): void {
    if (this.known(root, second, scope)) return;
    const name = root === 'slots' ? `slot "${second}"` : `"${root}"`;
    this.add(where, `${name} is not known here: it must be declared, or named by "as" in an earlier step`);
  }

  private known(root: string, second: string | undefined, scope: ReadonlySet<string>): boolean {
    if (root !== 'slots') return GIVEN.includes(root) || scope.has(root);
    return second === undefined || this.flow.slots?.[second] !== undefined || this.remembered.has(second);
  }
}

function neededBy(texts: string[]): Set<string> {
  const needed = new Set<string>();
  for (const text of texts) {
    try {
      for (const name of argumentsOf(text).needed) needed.add(name);
    } catch {
      // A text that cannot be parsed is reported where it stands.
    }
  }
  return needed;
}
