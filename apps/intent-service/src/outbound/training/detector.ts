import { eld } from 'eld/extrasmall';
import type { Detector } from '../../domain/language.js';

/** Languages customers of a shop here write in; Malay is close enough to Indonesian to be taken for it. */
const LANGUAGES = ['en', 'es', 'pt', 'fr', 'de', 'ar', 'hi', 'id', 'ms', 'tr', 'it'];

/** A second opinion on the language, by an n-gram library restricted to the business's languages. */
export function eldDetector(): Detector {
  eld.setLanguageSubset(LANGUAGES);
  return (text) => {
    const found = eld.detect(text);
    if (!found.language || !found.isReliable()) return undefined;
    return found.language === 'ms' ? 'id' : found.language;
  };
}
