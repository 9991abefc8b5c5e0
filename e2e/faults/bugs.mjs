// Seeded bugs: mistakes that the fault run must find. Each is a list of replacements in the built files of the product, made while
// a process loads them (with-bug.mjs): the tree on disk is never touched.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bug as dedupeInMemory } from './bugs/dedupe-in-memory.mjs';
import { bug as markBeforeEffect } from './bugs/mark-before-effect.mjs';
import { bug as offsetBeforeEffect } from './bugs/offset-before-effect.mjs';
import { bug as resendOnTimeout } from './bugs/resend-on-timeout.mjs';
import { bug as sequenceAsOffset } from './bugs/sequence-as-offset.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

export const bugs = {
  'dedupe-in-memory': dedupeInMemory,
  'mark-before-effect': markBeforeEffect,
  'offset-before-effect': offsetBeforeEffect,
  'resend-on-timeout': resendOnTimeout,
  'sequence-as-offset': sequenceAsOffset,
};

/** The edits of a bug, by the built file each belongs to. @throws when there is no such bug */
export function editsOf(name) {
  const bug = bugs[name];
  if (!bug) throw new Error(`There is no bug "${name}", only ${Object.keys(bugs).join(', ')}.`);
  const files = new Map();
  for (const edit of bug.edits) files.set(edit.file, [...(files.get(edit.file) ?? []), edit]);
  return files;
}

/** Where a source ends up when it is built. */
export function builtFile(source) {
  return join(root, source.replace('/src/', '/dist/').replace(/\.ts$/, '.js'));
}

/** A built file with the edits made. @throws when a text is not there exactly once: then the bug would not be what it says */
export function applied(edits, text) {
  return edits.reduce((before, { file, find, replace }) => {
    const count = before.split(find).length - 1;
    if (count !== 1) throw new Error(`${file}: found ${count} times instead of once: ${find}`);
    return before.replace(find, () => replace);
  }, text);
}

/** The environment that makes every process started with it have the bug. @throws when the bug does not fit this build */
export function bugEnvironment(name) {
  for (const [source, edits] of editsOf(name)) applied(edits, readFileSync(builtFile(source), 'utf8'));
  return { NODE_OPTIONS: preload('./with-bug.mjs'), PARLEY_FAULTS_BUG: name };
}

/** The environment that makes every process look for armed places in a folder, and have a bug if one is named. */
export function faultsEnvironment({ dir, bug }) {
  const buggy = bug === undefined ? {} : bugEnvironment(bug);
  const options = [buggy.NODE_OPTIONS, preload('./kill-at.mjs')].filter(Boolean).join(' ');
  return { ...buggy, NODE_OPTIONS: options, PARLEY_FAULTS_DIR: dir };
}

function preload(file) {
  return `--import=${pathToFileURL(fileURLToPath(new URL(file, import.meta.url))).href}`;
}
