import { nameFromEmail, normaliseEmail, passwordProblem } from './account.js';

describe('an account', () => {
  it('has one address however it is typed', () => {
    expect(normaliseEmail('  Maya.Lopez@Example.COM ')).toBe('maya.lopez@example.com');
  });

  it('begins with a name from its address', () => {
    expect(nameFromEmail('maya.lopez@example.com')).toBe('Maya Lopez');
    expect(nameFromEmail('@example.com')).toBe('Agent');
  });

  it('takes long passwords that are not its address', () => {
    expect(passwordProblem('correct horse battery', 'a@b.c')).toBeUndefined();
    expect(passwordProblem('short', 'a@b.c')).toMatch(/12/);
    expect(passwordProblem('x'.repeat(257), 'a@b.c')).toMatch(/256/);
    expect(passwordProblem('my A@B.C password', 'a@b.c')).toMatch(/address/);
  });
});
