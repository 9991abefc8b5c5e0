/** An instant as a clock on the wall of some zone shows it. */
export interface WallClock {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  /** Days since 1970-01-01, to compare dates. */
  dayNumber: number;
  /** 0 is Sunday. */
  weekday: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Reads the clock of a zone at an instant. */
export function wallClock(instant: Date, zone: string): WallClock {
  const parts = Object.fromEntries(
    format(zone)
      .formatToParts(instant)
      .map((p) => [p.type, Number(p.value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts as Partial<WallClock>;
  const dayNumber = Math.floor(Date.UTC(year, month - 1, day) / 86_400_000);
  return { year, month, day, hour, minute, dayNumber, weekday: (((dayNumber + 4) % 7) + 7) % 7 };
}

/** The instant at which the clock of a zone shows this time; the later one where it shows it never. */
export function instantOf(dayNumber: number, hour: number, minute: number, zone: string): Date {
  const wanted = dayNumber * 86_400_000 + (hour * 60 + minute) * 60_000;
  const shown = (at: number): number => {
    const clock = wallClock(new Date(at), zone);
    return clock.dayNumber * 86_400_000 + (clock.hour * 60 + clock.minute) * 60_000;
  };
  const guess = wanted + (wanted - shown(wanted));
  return new Date(guess + (wanted - shown(guess)));
}

/** Whether the name is a zone this runtime knows. */
export function isZone(zone: string): boolean {
  try {
    return format(zone) !== undefined;
  } catch {
    return false;
  }
}

function format(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const fresh = new Intl.DateTimeFormat('en-US-u-nu-latn-ca-gregory', {
    timeZone: zone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  });
  formats.set(zone, fresh);
  return fresh;
}
