const SHAPE = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;
const UNITS = [604_800_000, 86_400_000, 3_600_000, 60_000, 1000];

/** Milliseconds of an ISO 8601 duration ("P1D", "PT30M"); null when it is none. Days have 24 hours. */
export function durationMs(text: string): number | null {
  const match = SHAPE.exec(text);
  if (match === null || !/\d/.test(text)) return null;
  return match.slice(1).reduce((sum, amount, i) => sum + Number(amount ?? 0) * UNITS[i]!, 0);
}
