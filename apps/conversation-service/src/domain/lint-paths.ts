import type { Branch, Outcome, Step } from './content.js';
import type { FlowLint } from './flow-lint.js';
import { OPERATIONS } from './operations.js';

/** Checks where a flow can lead: every way must end with an answer, and nothing may be written after something was said. */
export function lintPaths(lint: FlowLint): void {
  const { flow } = lint;
  if (!flow.steps.some((step) => answersAlways(step))) {
    lint.add(
      ['steps'],
      'a customer may get no answer: the last step must reply, hand over or be quiet whatever happens before it',
    );
  }
  let said: string | null = null;
  flow.steps.forEach((step, index) => {
    const operation = OPERATIONS[step.call ?? ''];
    if (operation?.kind === 'write' && step.confirm === undefined && said !== null) {
      lint.add(
        ['steps', index, 'call'],
        `"${step.call}" must come before step "${said}": what is written may have to be repeated alone`,
      );
    }
    if (operation?.kind === 'effect' || speaks(step)) said ??= step.id;
  });
  flow.steps.forEach((step, index) => {
    if (step.end === true && !ends(step)) {
      lint.add(['steps', index, 'end'], 'ends the flow in silence: add a reply or a hand-off, or say "quiet: true"');
    }
    step.choose?.forEach((branch, at) => {
      if (branch.end === true && !ends(branch))
        lint.add(['steps', index, 'choose', at], 'ends the flow in silence: add a reply');
    });
  });
}

const ends = (o: Outcome): boolean => (o.reply ?? o.handoff ?? o.ask ?? o.quiet) !== undefined;

// A step that may be skipped answers only sometimes; so does a choice with a branch that says nothing.
function answersAlways(step: Step): boolean {
  if (step.if !== undefined || step.once !== undefined) return false;
  return ends(step) || (step.choose !== undefined && step.choose.every((branch: Branch) => ends(branch)));
}

// Branches that end the flow do not lead to the steps after.
function speaks(step: Step): boolean {
  const stops = (o: Outcome): boolean => (o.end ?? o.handoff ?? o.ask ?? o.quiet) !== undefined;
  return (
    (step.reply !== undefined && !stops(step)) || (step.choose ?? []).some((b) => b.reply !== undefined && !stops(b))
  );
}
