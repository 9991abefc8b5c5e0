import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { places } from './places.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** Every call of `passing` in the sources, with the app or lib it stands in. */
function passages(): { owner: string; name: string }[] {
  return ['apps', 'libs'].flatMap((kind) =>
    readdirSync(join(root, kind)).flatMap((owner) => {
      const src = join(root, kind, owner, 'src');
      const files = readdirSync(src, { recursive: true, encoding: 'utf8' });
      const sources = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'));
      const text = sources.map((file) => readFileSync(join(src, file), 'utf8')).join('\n');
      return [...text.matchAll(/\bawait passing\('([^']+)'\)/g)].map(([, name = '']) => ({ owner, name }));
    }),
  );
}

describe('places', () => {
  const names = Object.keys(places);
  const passed = passages();

  it('are each passed in exactly one line', () => {
    expect(passed.map(({ name }) => name).sort()).toEqual([...names].sort());
  });

  it('begin with the app or lib they are in', () => {
    expect(passed.filter(({ owner, name }) => !name.startsWith(`${owner}.`))).toEqual([]);
  });

  it('are named <where>.<what>.<moment>', () => {
    expect(names.filter((name) => !/^[a-z-]+(\.[a-z-]+){2}$/.test(name))).toEqual([]);
  });
});
