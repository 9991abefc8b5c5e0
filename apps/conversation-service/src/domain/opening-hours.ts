import type { BusinessDefinition, Weekday } from './content.js';
import { instantOf, wallClock } from './wall-clock.js';

const DAYS: readonly Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Whether people answer at an instant, and if not, from when on; null when they never do. */
export function openingAt(
  business: BusinessDefinition,
  now: Date,
  zone: string,
): { open: boolean; opensAt: Date | null } {
  const clock = wallClock(now, zone);
  for (let ahead = 0; ahead <= 7; ahead += 1) {
    const hours = business.hours[DAYS[(clock.weekday + ahead) % 7]!];
    if (hours === undefined) continue;
    const [from, to] = hours.map((text) => timeOn(clock.dayNumber + ahead, text, zone)) as [Date, Date];
    if (from <= now && now < to) return { open: true, opensAt: null };
    if (now < from) return { open: false, opensAt: from };
  }
  return { open: false, opensAt: null };
}

function timeOn(dayNumber: number, text: string, zone: string): Date {
  const [hour = 0, minute = 0] = text.split(':').map(Number);
  return instantOf(dayNumber, hour, minute, zone);
}
