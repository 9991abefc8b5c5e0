// Windows of load on a stage: one attempt at a rate, and the search for the highest rate that is held.
import { highestRate, isSteady } from './search.mjs';

/** Offers a rate; after one that is too high everything has to be answered before the next, or it would pay for this one. */
export async function attempt(customers, rate, seconds, say) {
  const result = await customers.offer({ rate, seconds, warmUp: seconds / 5, drain: 5 });
  const steady = isSteady(result);
  const { p50, p99 } = result.replies;
  say(`  ${rate}/s for ${seconds} s: ${steady ? 'held' : 'not held'}, p50 ${p50} p99 ${p99} ms`);
  if (!steady) await customers.drain(90);
  await customers.forget();
  return { ...result, steady };
}

/**
 * The highest rate held for `hold` seconds, found by windows of `step` seconds.
 * @param {{ from: number, most: number, step: number, hold: number }} chosen
 * @returns the last attempt; undefined when not even the first rate is held
 */
export async function searchHeld(customers, { from, most, step, hold }, say) {
  const holds = async (rate) => (await attempt(customers, rate, step, say)).steady;
  let rate = await highestRate({ from, most, holds });
  // A long window may show what a short one hides: then a tenth less, at most three times.
  for (let tries = 0; rate > 0; tries += 1) {
    const result = await attempt(customers, rate, hold, say);
    if (result.steady || tries === 2) return result;
    rate = Math.floor(rate * 0.9);
  }
  return undefined;
}
