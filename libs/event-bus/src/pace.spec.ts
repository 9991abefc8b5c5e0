import { Pace } from './pace.js';

const [SHORTEST, LONGEST] = [2, 12];

/** A pace after so many records a second for some seconds. */
function after(perSecond: number, seconds: number, pace = new Pace(SHORTEST, LONGEST), from = performance.now()): Pace {
  for (let ms = 0; ms <= seconds * 1000; ms += 20) {
    pace.waitMs(from + ms);
    pace.came(perSecond / 50);
  }
  return pace;
}

describe('Pace', () => {
  it('does not keep a record waiting that comes alone', () => {
    expect(new Pace(SHORTEST, LONGEST).waitMs()).toBe(SHORTEST);
    const from = performance.now();
    expect(after(240, 2).waitMs(from + 3000)).toBe(SHORTEST);
  });

  it('waits for company where company comes', () => {
    const from = performance.now();
    expect(after(1500, 2).waitMs(from + 2010)).toBe(LONGEST);
  });

  it('stops waiting when it gets quiet', () => {
    const from = performance.now();
    const pace = after(1500, 2, new Pace(SHORTEST, LONGEST), from);
    expect(after(100, 2, pace, from + 2020).waitMs(from + 5000)).toBe(SHORTEST);
  });
});
