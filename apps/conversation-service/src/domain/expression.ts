import jsonata from 'jsonata';
import type { Template } from './content.js';

/**
 * JSONata without what would make a replayed step differ from the first (clock, chance, evaluation of text), and without
 * regular expressions, which no time limit can stop once they run.
 */
const REFUSED = new Set(['eval', 'now', 'millis', 'random', 'shuffle']);

// Far above what a condition needs even on a busy machine, far below what a customer would notice.
const LIMITS = { timeout: 1000, stack: 200, sequence: 10_000 };

/** Facts an expression may read. */
export type Facts = Record<string, unknown>;

/** Thrown when an expression cannot be parsed, uses something refused, or fails while it runs. */
export class ExpressionError extends Error {}

/** Whether a value is an expression; anything else is literal. */
export const isExpression = (value: unknown): value is string => typeof value === 'string' && value.startsWith('=');

const compiled = new Map<string, jsonata.Expression>();

/** Compiles an expression (with or without its `=`), or says why not. */
export function compile(expression: string): jsonata.Expression {
  const source = isExpression(expression) ? expression.slice(1) : expression;
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const fresh = parse(source);
  compiled.set(source, fresh);
  return fresh;
}

/** Value of an expression over the facts; undefined for what does not exist. */
export async function evaluate(expression: string, facts: Facts): Promise<unknown> {
  const source = isExpression(expression) ? expression.slice(1) : expression;
  const simple = walk(source, facts);
  if (simple.done) return simple.value;
  try {
    return plain(await compile(source).evaluate(facts));
  } catch (thrown) {
    if (thrown instanceof ExpressionError) throw thrown;
    throw new ExpressionError(`expression "${source}" failed: ${messageOf(thrown)}`, { cause: thrown });
  }
}

/** Whether a condition holds. */
export async function holds(condition: string, facts: Facts): Promise<boolean> {
  return Boolean(await evaluate(condition, facts));
}

/** A template with every expression in it replaced by its value; what is undefined is left out. */
export async function fill(template: Template, facts: Facts): Promise<unknown> {
  if (isExpression(template)) return evaluate(template, facts);
  if (Array.isArray(template)) return Promise.all(template.map((item) => fill(item, facts)));
  if (typeof template !== 'object' || template === null) return template;
  const filled: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(template)) {
    const value = await fill(part, facts);
    if (value !== undefined) filled[name] = value;
  }
  return filled;
}

/** What an expression reads from the facts: `[["order", "status"]]` for `=order.status`, one path for each place. */
export function pathsOf(expression: string): string[][] {
  const paths: string[][] = [];
  collectPaths(compile(expression).ast(), paths);
  return paths;
}

interface Node {
  type?: string;
  value?: unknown;
  steps?: Node[];
  [part: string]: unknown;
}

function parse(source: string): jsonata.Expression {
  try {
    const expression = jsonata(source, LIMITS);
    refuse(expression.ast());
    return expression;
  } catch (thrown) {
    if (thrown instanceof ExpressionError) throw thrown;
    throw new ExpressionError(`expression "${source}" cannot be read: ${messageOf(thrown)}`, { cause: thrown });
  }
}

function refuse(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  const { type, value } = node as Node;
  if (type === 'variable' && REFUSED.has(String(value))) {
    throw new ExpressionError(
      `$${String(value)} may not be used: a repeated step must give the same result (use "now")`,
    );
  }
  if (type === 'regex')
    throw new ExpressionError('regular expressions may not be used: compare with "=", "in" or $contains');
  Object.values(node).forEach(refuse);
}

function collectPaths(node: unknown, paths: string[][]): void {
  if (Array.isArray(node)) return node.forEach((part) => collectPaths(part, paths));
  if (typeof node !== 'object' || node === null) return;
  const { type, value, steps, ...rest } = node as Node;
  if (type === 'name') paths.push([String(value)]);
  // What follows the first name is looked up inside it, and so is every predicate.
  if (steps?.[0]?.type === 'name') {
    const names = steps.map((step) => (step.type === 'name' ? String(step.value) : '*'));
    paths.push(names);
    return;
  }
  if (steps !== undefined) return collectPaths(steps[0], paths);
  Object.values(rest).forEach((part) => collectPaths(part, paths));
}

// A plain path needs no engine: most expressions are one, and this runs for every message.
function walk(source: string, facts: Facts): { done: boolean; value?: unknown } {
  if (!/^[a-zA-Z]\w*(\.[a-zA-Z]\w*)*$/.test(source)) return { done: false };
  if (source === 'true' || source === 'false' || source === 'null') return { done: false };
  let value: unknown = facts;
  for (const name of source.split('.')) {
    if (Array.isArray(value)) return { done: false };
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return { done: true };
    value = (value as Facts)[name];
  }
  return { done: true, value };
}

// JSONata marks its arrays; what leaves here is stored and compared, so it must be plain data.
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function messageOf(thrown: unknown): string {
  return typeof thrown === 'object' && thrown !== null && 'message' in thrown ? String(thrown.message) : String(thrown);
}
