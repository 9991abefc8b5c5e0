import { GraphFailure } from './graph-errors.js';
import { isObject, type JsonObject } from './json.js';

/** Length as Meta counts it: characters, not UTF-16 units. */
function lengthOf(text: string): number {
  return [...text].length;
}

export function missing(path: string): GraphFailure {
  return new GraphFailure(131008, `Required parameter is missing: ${path}`);
}

export function invalid(path: string, why: string): GraphFailure {
  return new GraphFailure(131009, `Parameter value is not valid: ${path} ${why}`);
}

export function requireObject(parent: JsonObject, field: string, path: string): JsonObject {
  const value = parent[field];
  if (value === undefined || value === null) throw missing(`${path}${field}`);
  if (!isObject(value)) throw invalid(`${path}${field}`, 'must be an object.');
  return value;
}

export function requireList(parent: JsonObject, field: string, path: string, min: number, max: number): JsonObject[] {
  const value = parent[field];
  if (value === undefined || value === null) throw missing(`${path}${field}`);
  if (!Array.isArray(value) || !value.every(isObject)) throw invalid(`${path}${field}`, 'must be an array of objects.');
  if (value.length < min || value.length > max) throw invalid(`${path}${field}`, `must hold ${min} to ${max} items.`);
  return value;
}

export function requireText(parent: JsonObject, field: string, path: string, max: number): string {
  const value = optionalText(parent, field, path, max);
  if (value === undefined || value.trim() === '') throw missing(`${path}${field}`);
  return value;
}

export function optionalText(parent: JsonObject, field: string, path: string, max: number): string | undefined {
  const value = parent[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalid(`${path}${field}`, 'must be a string.');
  if (lengthOf(value) > max) throw invalid(`${path}${field}`, `must be at most ${max} characters.`);
  return value;
}

export function requireNumber(parent: JsonObject, field: string, path: string, min: number, max: number): number {
  const value = Number(parent[field]);
  if (parent[field] === undefined || parent[field] === '') throw missing(`${path}${field}`);
  if (!Number.isFinite(value) || value < min || value > max)
    throw invalid(`${path}${field}`, `must be ${min} to ${max}.`);
  return value;
}

export function requireUrl(parent: JsonObject, field: string, path: string): string {
  const value = requireText(parent, field, path, 2000);
  if (!/^https?:\/\/[^\s/]+/i.test(value)) throw invalid(`${path}${field}`, 'must be a URL.');
  return value;
}

export function requireUnique(values: readonly string[], path: string): void {
  if (new Set(values).size !== values.length) throw invalid(path, 'must be unique.');
}
