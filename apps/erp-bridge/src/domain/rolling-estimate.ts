/**
 * An arrival that is always ahead, for demonstration orders: at `hour` o'clock of the zone, `days` days from now; once it
 * is past the hour before, a day later. It is computed at every reading, so it needs no timer and is right after any pause.
 */
export interface RollingEstimate {
  zone: string;
  hour: number;
  days: number;
}

interface LocalTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(zone, made);
  return made;
}

function localTime(at: Date, zone: string): LocalTime {
  const parts = formatOf(zone).formatToParts(at);
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  return {
    year: of('year'),
    month: of('month'),
    day: of('day'),
    hour: of('hour'),
    minute: of('minute'),
    second: of('second'),
  };
}

function offsetMs(at: Date, zone: string): number {
  const local = localTime(at, zone);
  const asUtc = Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute, local.second);
  return asUtc - Math.floor(at.getTime() / 1000) * 1000;
}

/** When the order arrives, seen from `now`. */
export function estimateAt(rolling: RollingEstimate, now: Date): Date {
  const local = localTime(now, rolling.zone);
  const past = local.hour > rolling.hour - 1 || (local.hour === rolling.hour - 1 && local.minute + local.second > 0);
  const day = local.day + rolling.days + (past ? 1 : 0);
  const asUtc = Date.UTC(local.year, local.month - 1, day, rolling.hour);
  // The offset at the guess is right unless a clock change lies between; the second round settles that.
  const guess = asUtc - offsetMs(new Date(asUtc), rolling.zone);
  return new Date(asUtc - offsetMs(new Date(guess), rolling.zone));
}
