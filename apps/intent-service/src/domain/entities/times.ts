import { spansOf, STRENGTH, type Found } from './entity.js';
import type { Reading } from './reading.js';

/** 16:30, 4:30 pm, 10.30 Uhr, 9h30, 18h, 20 Uhr, 5 बजे, jam 7, saat 7, الساعة 5, alle 9, 6 de la tarde. */
const CLOCK = new RegExp(
  [
    String.raw`(?<h1>\d{1,2})[:.](?<m1>\d{2}) ?(?<half1>[ap](?:\.m|m(?!\p{L}))\.?)`,
    String.raw`(?<h2>\d{1,2}) ?(?<half2>[ap](?:\.m|m(?!\p{L}))\.?)`,
    String.raw`(?<h3>\d{1,2}):(?<m3>\d{2})(?::\d{2})?(?!\d)(?: (?:uhr|बजे|baje)(?![\p{L}\p{M}]))?`,
    String.raw`(?<h4>\d{1,2})(?:\.(?<m4>\d{2}))? ?(?:uhr|बजे|baje)(?![\p{L}\p{M}])`,
    String.raw`(?<h5>\d{1,2}) ?h ?(?<m5>\d{2})?(?![\p{L}\d])`,
    String.raw`(?<h6>\d{1,2}) (?<half6>de la (?:tarde|noche|mañana)|da (?:tarde|noite|manhã|manha)|du (?:matin|soir)|del (?:mattino|pomeriggio))`,
  ].join('|'),
  'giu',
);
const STARTS = /(?<![\p{L}\p{M}\d.,:#/-])$/u;
const NAMED =
  /(?<![\p{L}\p{M}\d])(?:at|by|before|after|around|until|till|a las|às|alle|jam|pukul|saat|الساعة|um|ab|gegen) (\d{1,2})(?![\p{L}\p{M}\d:.,/%€$-]|,\d| \p{L})/giu;
const NOON =
  /(?<![\p{L}\p{M}])(?:noon|midday|mediod[ií]a|meio-dia|mittags?|mezzogiorno|(?<=à |avant |après |et )midi|öğlen|midnight|medianoche|meia-noite|minuit|mitternacht|mezzanotte|gece yarısı)(?![\p{L}\p{M}])/giu;
const AFTERNOON = /^p|tarde|noche|noite|soir|pomeriggio/i;

/** Times of day, as 24-hour clock. */
export function timesIn({ text }: Reading): Found[] {
  const found: Found[] = [];
  const add = (start: number, end: number, hour: number, minute: string, strength: number): void => {
    if (hour > 24 || Number(minute) > 59) return;
    found.push({ type: 'time', start, end, value: `${String(hour % 24).padStart(2, '0')}:${minute}`, strength });
  };
  for (const { start, end, groups } of spansOf(NOON, text)) {
    add(start, end, /night|noche|noite|minuit|nacht|notte|gece/i.test(groups[0]) ? 0 : 12, '00', STRENGTH.shaped);
  }
  if (!/\d/.test(text)) return found;
  for (const { start, end, groups } of spansOf(CLOCK, text)) {
    if (!STARTS.test(text.slice(Math.max(0, start - 1), start))) continue;
    const { h1, h2, h3, h4, h5, h6, m1, m3, m4, m5, half1, half2, half6 } = groups.groups ?? {};
    const half = half1 ?? half2 ?? half6;
    const hour = Number(h1 ?? h2 ?? h3 ?? h4 ?? h5 ?? h6);
    const isHours = h5 !== undefined && !m5 && hour > 23;
    if (isHours) continue;
    add(
      start,
      end,
      half ? (hour % 12) + (AFTERNOON.test(half) ? 12 : 0) : hour,
      m1 ?? m3 ?? m4 ?? m5 ?? '00',
      STRENGTH.money + 2,
    );
  }
  for (const { end, groups } of spansOf(NAMED, text)) {
    const [, hour = ''] = groups;
    add(end - hour.length, end, Number(hour), '00', STRENGTH.nearlyNamed);
  }
  return found;
}
