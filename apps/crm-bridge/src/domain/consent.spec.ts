import { marketingOf, overrules } from './consent.js';

const said = (granted: boolean, second: number, purpose = 'marketing') => ({
  granted,
  purpose,
  at: new Date(Date.UTC(2026, 10, 22, 10, 0, second)),
});

describe('consent on a contact', () => {
  it('is what was said last, whatever order it arrives in', () => {
    expect(overrules(said(true, 2), said(false, 1))).toBe(true);
    expect(overrules(said(true, 1), said(false, 2))).toBe(false);
  });

  it('is a no when both were said at the same second', () => {
    expect(overrules(said(false, 1), said(true, 1))).toBe(true);
    expect(overrules(said(true, 1), said(false, 1))).toBe(false);
  });

  it('for marketing follows words about everything too, and not those about something else', () => {
    expect(marketingOf([])).toBeUndefined();
    expect(marketingOf([said(true, 1), said(false, 2, 'all')])).toBe(false);
    expect(marketingOf([said(false, 1, 'all'), said(true, 2), said(false, 3, 'utility')])).toBe(true);
  });
});
