import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';
import { places } from '@parley/resilience';
import { applied, bugs, editsOf } from '../bugs.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** A source as the build makes it. */
function built(source: string): string {
  const configFile = join(root, '.swcrc');
  const { code } = transformSync(readFileSync(join(root, source), 'utf8'), { configFile, swcrc: false });
  return code;
}

describe('a seeded bug', () => {
  const names = Object.keys(bugs);

  it('is one of five', () => {
    expect(names).toHaveLength(5);
  });

  it.each(names)('%s changes texts that are in the build exactly once, into something that still parses', (name) => {
    for (const [source, edits] of editsOf(name)) {
      const before = built(source);
      const after = applied(edits, before);
      expect(after).not.toBe(before);
      expect(() => transformSync(after, { swcrc: false, jsc: { parser: { syntax: 'ecmascript' } } })).not.toThrow();
    }
  });

  it.each(names)('%s names a place that exists', (name) => {
    const fault = bugs[name]?.shows.fault;
    if (fault) expect(places).toHaveProperty([fault.place]);
  });

  it('is refused when it does not fit', () => {
    const edits = [{ file: 'x', find: 'a', replace: 'b' }];
    expect(() => applied(edits, 'aa')).toThrow('found 2 times');
    expect(() => applied(edits, '')).toThrow('found 0 times');
    expect(() => editsOf('none')).toThrow('There is no bug "none"');
  });
});
