import { idOf } from './ids.js';

describe('idOf', () => {
  it('makes the same UUID of the same names', () => {
    expect(idOf('a', 'b')).toBe(idOf('a', 'b'));
    expect(idOf('a', 'b')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('does not mix names up', () => {
    expect(new Set([idOf('a', 'b'), idOf('ab'), idOf('a,b'), idOf('b', 'a'), idOf('a', 'b', '')]).size).toBe(5);
  });
});
