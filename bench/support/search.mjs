// Which rate a system holds: whether a backlog is steady, and the search for the highest rate at which it is.

/** Least squares through points; units of y per unit of x. */
export function slope(points) {
  const mean = (pick) => points.reduce((sum, point) => sum + pick(point), 0) / points.length;
  const [x0, y0] = [mean(([x]) => x), mean(([, y]) => y)];
  const over = points.reduce((sum, [x, y]) => sum + (x - x0) * (y - y0), 0);
  const under = points.reduce((sum, [x]) => sum + (x - x0) ** 2, 0);
  return under === 0 ? 0 : over / under;
}

/** How far a slope may be off by chance: its standard error, from how the points scatter around the line. */
export function slopeError(points) {
  if (points.length < 3) return Infinity;
  const mean = (pick) => points.reduce((sum, point) => sum + pick(point), 0) / points.length;
  const [x0, y0, rise] = [mean(([x]) => x), mean(([, y]) => y), slope(points)];
  const scatter = points.reduce((sum, [x, y]) => sum + (y - y0 - rise * (x - x0)) ** 2, 0) / (points.length - 2);
  return Math.sqrt(scatter / points.reduce((sum, [x]) => sum + (x - x0) ** 2, 0));
}

/** Growth of the backlog, as a share of what is offered, that is taken for noise. */
const GROWTH = 0.02;
/** So many standard errors: what is beyond them is no chance. */
const CERTAIN = 2;
/** A backlog of more seconds than this is nobody's steady state. */
const SECONDS_BEHIND = 2;

/**
 * Whether what came out of a window of load was steady: nothing refused or lost, the generator kept its own pace, and after
 * the first third the backlog neither grows for certain nor is worth more than two seconds.
 */
export function isSteady({ rate, samples, refused, unanswered, behindMs }) {
  if (refused > 0 || unanswered > 0 || behindMs > 1000) return false;
  const settled = samples.filter(({ second }) => second >= (samples.at(-1)?.second ?? 0) / 3);
  if (settled.length < 3) return false;
  const points = settled.map(({ second, backlog }) => [second, backlog]);
  // Only what is more than chance: in a short window the backlog of a busy system wanders by more than it may grow.
  const growth = slope(points) - CERTAIN * slopeError(points);
  const last = settled.slice(-4);
  const behind = last.reduce((sum, { backlog }) => sum + backlog, 0) / last.length;
  return growth <= rate * GROWTH && behind <= rate * SECONDS_BEHIND;
}

/** Two digits: more would promise what a short window cannot tell. */
function tidy(rate) {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(rate)) - 1);
  return Math.round(rate / unit) * unit;
}

/**
 * The highest rate that holds: up by half until one does not, then halving the gap until it is a tenth.
 * @param {{ from: number, most: number, holds: (rate: number) => Promise<boolean> }} options
 * @returns {Promise<number>} 0 when not even `from` holds
 */
export async function highestRate({ from, most, holds }) {
  let good = 0;
  let bad = Infinity;
  for (let rate = from; rate <= most && bad === Infinity; rate = tidy(rate * 1.5)) {
    if (await holds(rate)) good = rate;
    else bad = rate;
  }
  while (bad !== Infinity && good > 0 && bad / good > 1.12) {
    const middle = tidy(Math.sqrt(good * bad));
    if (middle <= good || middle >= bad) break;
    if (await holds(middle)) good = middle;
    else bad = middle;
  }
  return good;
}
