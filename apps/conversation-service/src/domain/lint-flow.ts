import type { ContentDocuments, FlowDefinition, Outcome, SlotDefinition, Step } from './content.js';
import { durationMs } from './duration.js';
import { problemOf, type Located } from './lint-content.js';
import { lintCall } from './lint-call.js';
import { lintPaths } from './lint-paths.js';
import { argumentsOf } from './message-arguments.js';
import { isExpression, pathsOf } from './expression.js';

type Path = (string | number)[];

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

/** Everything wrong with one flow. */
export function lintFlow(flow: FlowDefinition, documents: ContentDocuments): Located[] {
  const lint = new FlowLint(flow, documents);
  const scope = new Set<string>();
  for (const [name, slot] of Object.entries(flow.slots ?? {})) lintSlot(lint, slot, ['slots', name]);
  flow.steps.forEach((step, index) => {
    lintStep(lint, step, ['steps', index], scope);
    if (flow.steps.findIndex((other) => other.id === step.id) !== index) {
      lint.add(['steps', index, 'id'], `step "${step.id}" exists twice: rename one`);
    }
    if (step.as !== undefined) scope.add(step.as);
  });
  if (flow.otherwise !== undefined) lint.outcome(flow.otherwise, ['otherwise'], new Set());
  lintPaths(lint);
  return lint.problems;
}

function lintSlot(lint: FlowLint, slot: SlotDefinition, where: Path): void {
  lint.reply(slot.ask, [...where, 'ask'], new Set());
  if (slot.keep !== undefined && durationMs(slot.keep) === null)
    lint.add([...where, 'keep'], `"${slot.keep}" is not a duration such as PT30M`);
  if (slot.offer === undefined) return;
  if (slot.offer !== 'erp.listOrders')
    lint.add([...where, 'offer'], `only erp.listOrders can be offered, not "${slot.offer}"`);
  lintCall(lint, { call: slot.offer, with: slot.with }, where, new Set());
  if (slot.choose === undefined) return lint.add(where, 'a slot with "offer" needs "choose", the reply with the list');
  lint.reply(slot.choose, [...where, 'choose'], new Set());
  lint.has(slot.choose, 'list', [...where, 'choose']);
}

function lintStep(lint: FlowLint, step: Step, where: Path, scope: ReadonlySet<string>): void {
  for (const key of ['if', 'once', 'speak', 'remember'] as const) lint.expressions(step[key], [...where, key], scope);
  const after = step.as === undefined ? scope : new Set([...scope, step.as]);
  if (step.as !== undefined && GIVEN.includes(step.as))
    lint.add([...where, 'as'], `"${step.as}" is taken: choose another name`);
  if (step.call !== undefined) lintCall(lint, step, where, scope);
  for (const [reason, outcome] of Object.entries(step.on ?? {})) lint.outcome(outcome, [...where, 'on', reason], scope);
  if (step.confirm !== undefined) {
    lint.reply(step.confirm, [...where, 'confirm'], scope);
    lint.has(step.confirm, 'yes and no', [...where, 'confirm']);
  }
  if (step.declined !== undefined) lint.outcome(step.declined, [...where, 'declined'], scope);
  step.choose?.forEach((branch, index) => {
    const at = [...where, 'choose', index];
    lint.expressions(branch.if, [...at, 'if'], after);
    lint.outcome(branch, at, after);
  });
  if (step.choose !== undefined && step.choose.at(-1)?.else !== true) {
    lint.add([...where, 'choose'], 'the last branch must be "else: true", so that there is always an answer');
  }
  lint.outcome(step, where, after);
  if (step.rows !== undefined) {
    lint.expressions(step.rows, [...where, 'rows'], after);
    if (step.reply !== undefined) lint.has(step.reply, 'list', [...where, 'reply']);
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
