import type { ContentDocuments, FlowDefinition, SlotDefinition, Step } from './content.js';
import { durationMs } from './duration.js';
import { FlowLint, GIVEN, type Path } from './flow-lint.js';
import { lintCall } from './lint-call.js';
import { lintPaths } from './lint-paths.js';
import type { Located } from './lint-problem.js';

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
