import type { Contact } from './customer.js';

/** What somebody has said about being written to. */
export interface ConsentChange {
  contact: Contact;
  /** `marketing`, `utility` or `all`. */
  purpose: string;
  granted: boolean;
  /** When the person said so. */
  at: Date;
  evidenceRef: string;
}

/** What was said about one purpose, without who said it. */
export type ConsentWord = Pick<ConsentChange, 'granted' | 'at' | 'evidenceRef'>;

type Said = Pick<ConsentChange, 'granted' | 'at'>;

/** Whether `next` counts over `before`: it is later, or says no at the same moment. */
export function overrules(next: Said, before: Said | undefined): boolean {
  if (!before) return true;
  const later = next.at.getTime() - before.at.getTime();
  return later > 0 || (later === 0 && before.granted && !next.granted);
}

/** What somebody's words come to for marketing: the latest about it, or about everything. */
export function marketingOf(said: readonly (Said & { purpose: string })[]): boolean | undefined {
  const about = said.filter(({ purpose }) => purpose === 'marketing' || purpose === 'all');
  return about.reduce<Said | undefined>((last, one) => (overrules(one, last) ? one : last), undefined)?.granted;
}
