import { asciiDigits, isOrderNumber } from '../../domain/order-number.js';
import type { Understanding } from '../../domain/turn.js';
import type { Understand } from '../../domain/stage.js';

/** Understands what the transcript says a message means: `# intent [confidence] [language]`; finds numbers and addresses itself. */
export const annotatedUnderstanding: Understand = ({ text, language, meaning }) => {
  const [intent = 'oos', ...rest] = meaning;
  const confidence = rest.find((word) => /^[01](\.\d+)?$/.test(word));
  const spoken = rest.find((word) => /^[a-z]{2}(-[A-Z]{2})?$/.test(word));
  const named = rest.find((word) => word.startsWith('language='))?.slice('language='.length);
  const words = text.trim().split(/\s+/).length;
  const entities = entitiesIn(text);
  if (named !== undefined) entities.push({ type: 'language', text: named, value: named, start: 0, end: 0 });
  return Promise.resolve({
    intent,
    confidence: confidence === undefined ? (intent === 'oos' ? 0.4 : 0.9) : Number(confidence),
    alternatives: [],
    entities,
    language: spoken ?? (words >= 3 ? language : ''),
  });
};

function entitiesIn(text: string): Understanding['entities'] {
  const found: Understanding['entities'] = [];
  for (const match of text.matchAll(/[^\s@]+@[^\s@]+\.\w+|[\p{L}\p{N}][\p{L}\p{N}/.-]*/gu)) {
    const [part] = match;
    const clean = asciiDigits(part).replace(/[.]$/, '');
    const span = { text: part, start: match.index, end: match.index + part.length };
    if (part.includes('@')) found.push({ type: 'email', value: clean.toLowerCase(), ...span });
    else if (isOrderNumber(clean)) found.push({ type: 'order_number', value: clean.toUpperCase(), ...span });
    else if (/^[1-5]$/.test(clean)) found.push({ type: 'rating', value: clean, ...span });
  }
  return found;
}
