import { exceptionFor } from './allowed.js';
import type { Evidence } from './run.js';
import { Scanner, type Finding } from './scanner.js';
import type { Place } from './places.js';

/** A finding nobody has excused. */
export interface Leak {
  place: string;
  needle: string;
  encoding: string;
  around: string;
}

/** One kind of place, summed up. */
export interface PlaceRow {
  'place scanned': string;
  parts: number;
  bytes: number;
  leaks: number;
  'meant to be there': number;
  'known weakness': number;
}

/** What a run came to. */
export interface LeakReport {
  paths: { 'path exercised': string; times: number }[];
  needles: number;
  patterns: number;
  rows: PlaceRow[];
  leaks: Leak[];
  excused: { why: string; times: number; weakness: boolean }[];
  /** Kinds of places in which the planted control was found. */
  controlled: string[];
}

/** Scans everything a run has left behind. */
export function judge({ places, needles, exercised, control }: Evidence): LeakReport {
  const scanner = new Scanner([...needles, control]);
  const rows = new Map<string, PlaceRow>();
  const leaks: Leak[] = [];
  const excused = new Map<string, { why: string; times: number; weakness: boolean }>();
  const controlled = new Set<string>();
  for (const place of places) {
    const row = rowOf(rows, place);
    for (const finding of scanner.scan(place.bytes)) {
      if (finding.needle === control) controlled.add(place.kind);
      else excuse(place, finding, row, leaks, excused);
    }
  }
  const paths = [...exercised].map(([path, times]) => ({ 'path exercised': path, times }));
  return {
    paths,
    needles: needles.length,
    patterns: scanner.patterns.length,
    rows: [...rows.values()],
    leaks,
    excused: [...excused.values()],
    controlled: [...controlled],
  };
}

function rowOf(rows: Map<string, PlaceRow>, { kind, bytes }: Place): PlaceRow {
  const row = rows.get(kind) ?? {
    'place scanned': kind,
    parts: 0,
    bytes: 0,
    leaks: 0,
    'meant to be there': 0,
    'known weakness': 0,
  };
  row.parts += 1;
  row.bytes += bytes.length;
  rows.set(kind, row);
  return row;
}

function excuse(
  place: Place,
  finding: Finding,
  row: PlaceRow,
  leaks: Leak[],
  excused: Map<string, { why: string; times: number; weakness: boolean }>,
): void {
  const exception = exceptionFor(place, finding);
  if (!exception) {
    row.leaks += 1;
    const { needle, encoding, around } = finding;
    leaks.push({ place: `${place.kind}: ${place.name}`, needle: needle.name, encoding, around });
    return;
  }
  const { why, weakness = false } = exception;
  row[weakness ? 'known weakness' : 'meant to be there'] += 1;
  excused.set(why, { why, weakness, times: (excused.get(why)?.times ?? 0) + 1 });
}
