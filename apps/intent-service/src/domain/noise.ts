import type { Random } from './random.js';

const KEYS = 'qwertyuiopasdfghjklzxcvbnm';
/** Characters of a hundred that a hurried thumb gets wrong. */
const SLIPS = 0.06;
/** Messages of so few characters are typed right, or nobody knows what they say. */
const SHORT = 5;

/** A text as somebody else would have typed it on a phone: dropped accents and signs, slips of the thumb. Digits stay. */
export function noisy(text: string, random: Random): string {
  let typed = random.next() < 0.5 ? text.toLowerCase() : text;
  if (random.next() < 0.35)
    typed = typed
      .normalize('NFD')
      .replace(/[\u0300-\u036f]/g, '')
      .normalize('NFC');
  if (random.next() < 0.4) typed = typed.replace(/[.,!?¿¡'’]/g, '');
  const signs = [...typed];
  // One slip makes another word of a short one: "hi" is no mistyped "no".
  const least = signs.length < SHORT ? 0 : 1;
  const slips = Math.max(least, Math.round(signs.length * SLIPS));
  for (let slip = 0; slip < slips && signs.length > 2; slip += 1) slipAt(signs, random.below(signs.length), random);
  return signs.join('');
}

function slipAt(signs: string[], at: number, random: Random): void {
  const sign = signs[at] ?? '';
  if (/\p{Nd}/u.test(sign)) return;
  const kind = random.next();
  const next = signs[at + 1];
  if (kind < 0.3) signs.splice(at, 1);
  else if (kind < 0.5 && next !== undefined && !/\p{Nd}/u.test(next)) [signs[at], signs[at + 1]] = [next, sign];
  else if (kind < 0.7) signs.splice(at, 0, sign);
  else if (kind < 0.85 && /[a-z]/.test(sign)) signs[at] = random.of([...KEYS]);
  else if (sign === ' ') signs.splice(at, 1);
}
