import type { Template } from './content.js';
import { durationMs } from './duration.js';
import { isExpression } from './expression.js';
import type { FlowLint } from './flow-lint.js';
import { OPERATIONS, type ArgumentType } from './operations.js';

interface CallUse {
  call?: string;
  with?: Record<string, Template>;
  confirm?: string;
}

/** Checks a call against the table of operations: name, arguments, types, and that nothing is destroyed unasked. */
export function lintCall(lint: FlowLint, use: CallUse, where: (string | number)[], scope: ReadonlySet<string>): void {
  const operation = OPERATIONS[use.call ?? ''];
  if (operation === undefined) {
    const known = Object.keys(OPERATIONS).join(', ');
    return lint.add([...where, 'call'], `"${use.call}" is no operation: use one of ${known}`);
  }
  const types = { ...operation.required, ...operation.optional };
  lint.expressions(use.with, [...where, 'with'], scope);
  for (const [name, value] of Object.entries(use.with ?? {})) {
    const at = [...where, 'with', name];
    const type = types[name];
    if (operation.filled.includes(name)) {
      lint.add(at, `Parley fills in "${name}" itself, from the conversation: leave it out`);
    } else if (type === undefined) {
      lint.add(at, `${use.call} has no argument "${name}": use ${Object.keys(types).join(', ')}`);
    } else if (!isExpression(value) && !hasType(value, type)) {
      lint.add(at, `"${name}" must be ${describe(type)}`);
    }
  }
  for (const name of Object.keys(operation.required)) {
    if (use.with?.[name] === undefined) lint.add([...where, 'call'], `${use.call} needs "${name}" under "with"`);
  }
  if (operation.destructive && use.confirm === undefined) {
    lint.add([...where, 'call'], `${use.call} cannot be undone: ask first, with "confirm: <reply>"`);
  }
}

function hasType(value: Template, type: ArgumentType): boolean {
  if (type === 'duration') return typeof value === 'string' && durationMs(value) !== null;
  if (type === 'string[]') return Array.isArray(value) && value.every((item) => typeof item === 'string');
  return typeof value === type;
}

function describe(type: ArgumentType): string {
  if (type === 'duration') return 'a duration such as P1D';
  return type === 'string[]' ? 'a list of texts' : `a ${type === 'string' ? 'text' : type}`;
}
