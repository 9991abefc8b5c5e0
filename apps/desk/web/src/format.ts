import type { Conversation, Delivery } from './model.js';

const time = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const shortDay = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const languages = new Intl.DisplayNames(['en'], { type: 'language' });
const DAY_MS = 86_400_000;

const dayStart = (moment: Date): number => new Date(moment).setHours(0, 0, 0, 0);

/** Whole days between two moments, by the calendar of whoever looks. */
function daysAgo(moment: Date, now: Date): number {
  return Math.round((dayStart(now) - dayStart(moment)) / DAY_MS);
}

export const timeOf = (iso: string): string => time.format(new Date(iso));
export const fullTimeOf = (iso: string): string => full.format(new Date(iso));

/** Separator above the first message of a day. */
export function dayOf(iso: string, now: Date): string {
  const moment = new Date(iso);
  const ago = daysAgo(moment, now);
  if (ago === 0) return 'Today';
  return ago === 1 ? 'Yesterday' : day.format(moment);
}

/** When something last happened, as short as a list needs it. */
export function whenOf(iso: string, now: Date): string {
  const moment = new Date(iso);
  const ago = daysAgo(moment, now);
  if (ago === 0) return time.format(moment);
  return ago === 1 ? 'Yesterday' : shortDay.format(moment);
}

export function languageOf(tag: string): string {
  try {
    return tag ? (languages.of(tag) ?? tag) : 'Unknown';
  } catch {
    return tag;
  }
}

/** `track_order` and `late-order` as people write them: "Track order", "Late order". */
export function wordsOf(name: string): string {
  const words = name.replace(/[-_.]+/g, ' ').trim();
  return (words.charAt(0).toUpperCase() + words.slice(1)).replace(/\b(crm|erp|id)\b/gi, (word) => word.toUpperCase());
}

export function initialsOf(name: string): string {
  const words = name.match(/\p{L}[\p{L}\p{M}]*/gu) ?? [];
  const picked = words.length > 1 ? [words[0], words.at(-1)] : words;
  return picked.map((word) => [...(word ?? '')][0]?.toUpperCase()).join('') || '#';
}

/** One of the avatar's colours, always the same for a conversation. */
export function hueOf(id: string): number {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 997;
  return sum % 6;
}

/** What is left of the 24 hours in which free text may be sent. */
export function windowOf(
  windowUntil: string | null,
  now: Date,
): { open: boolean; soon: boolean; text: string; share: number } {
  const left = windowUntil ? new Date(windowUntil).getTime() - now.getTime() : 0;
  if (left <= 0) return { open: false, soon: false, text: 'Closed', share: 0 };
  const minutes = Math.floor(left / 60_000);
  const text = minutes >= 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes} min`;
  return { open: true, soon: minutes < 60, text, share: Math.min(1, left / DAY_MS) };
}

/** Who answers, in a word; for a person, by name. */
export function stateLabelOf({ state, agentId, agentName }: Conversation, accountId: string): string {
  if (state === 'human') return agentId === accountId ? 'You' : agentName || 'Agent';
  return state === 'queued' ? 'Waiting' : 'Bot';
}

export const DELIVERY_LABEL: Record<Delivery, string> = {
  pending: 'Sending',
  accepted: 'Accepted',
  sent: 'Sent',
  failed: 'Not delivered',
  delivered: 'Delivered',
  read: 'Read',
  played: 'Played',
};
