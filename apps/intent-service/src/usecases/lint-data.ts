import { thinCells } from '../domain/lint-cells.js';
import { contradictions, copies, nearCopies } from '../domain/lint-copies.js';
import type { Finding, Line, Row } from '../domain/lint-finding.js';
import { lonelyLabels } from '../domain/lint-neighbours.js';
import { faultsOf } from '../domain/lint-rows.js';

/** What must not be in the training data at all; takes a second. */
export function hardFaults(lines: readonly Line[]): Finding[] {
  const { malformed, rows } = sorted(lines);
  return [malformed, contradictions(rows), ...thinCells(rows).filter(({ hard }) => hard)];
}

/** Everything that can be said about the training data, the faults first; takes seconds. */
export function lintData(lines: readonly Line[]): Finding[] {
  const { rows } = sorted(lines);
  const rest = thinCells(rows).filter(({ hard }) => !hard);
  return [...hardFaults(lines), ...rest, ...copies(rows), ...nearCopies(rows), lonelyLabels(rows)];
}

/** The good lines as rows, and what is wrong with the others. */
function sorted(lines: readonly Line[]): { malformed: Finding; rows: Row[] } {
  const rows: Row[] = [];
  const worst: string[] = [];
  for (const { file, line, value } of lines) {
    const faults = faultsOf(value);
    if (faults.length === 0) rows.push({ ...(value as Row), file, line });
    else worst.push(`${file}:${line} ${faults.join('; ')}`);
  }
  return { malformed: { check: 'malformed lines', hard: true, count: worst.length, worst }, rows };
}
