/** A point; both between 0 and 1. */
export type Point = readonly [x: number, y: number];

/** A square chart of shares. */
export interface Chart {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly points: readonly Point[];
  /** Whether a diagonal shows where the points would lie if all were well. */
  readonly diagonal?: boolean;
}

const SIZE = 320;
const MARGIN = 44;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

const right = (share: number): string => (MARGIN + share * SIZE).toFixed(1);
const down = (share: number): string => (MARGIN + (1 - share) * SIZE).toFixed(1);

/** The chart as SVG: readable on light and on dark. */
export function svgOf({ title, x, y, points, diagonal = false }: Chart): string {
  const whole = SIZE + 2 * MARGIN;
  const grid = TICKS.flatMap((tick) => [
    `<line x1="${right(tick)}" y1="${down(0)}" x2="${right(tick)}" y2="${down(1)}"/>`,
    `<line x1="${right(0)}" y1="${down(tick)}" x2="${right(1)}" y2="${down(tick)}"/>`,
  ]);
  const labels = TICKS.flatMap((tick) => [
    `<text x="${right(tick)}" y="${MARGIN + SIZE + 16}" text-anchor="middle">${tick}</text>`,
    `<text x="${MARGIN - 6}" y="${down(tick)}" text-anchor="end" dominant-baseline="middle">${tick}</text>`,
  ]);
  const line = points.map(([px, py]) => `${right(px)},${down(py)}`).join(' ');
  const middle = MARGIN + SIZE / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${whole} ${whole}" role="img" font-family="sans-serif" font-size="11" fill="#777">`,
    `<title>${title}</title>`,
    `<text x="${middle}" y="20" text-anchor="middle" font-size="13">${title}</text>`,
    `<g stroke="#8884" fill="none">${grid.join('')}</g>`,
    ...labels,
    `<text x="${middle}" y="${whole - 8}" text-anchor="middle">${x}</text>`,
    `<text x="12" y="${middle}" text-anchor="middle" transform="rotate(-90 12 ${middle})">${y}</text>`,
    ...(diagonal
      ? [`<line x1="${right(0)}" y1="${down(0)}" x2="${right(1)}" y2="${down(1)}" stroke="#888" stroke-dasharray="4"/>`]
      : []),
    `<polyline points="${line}" fill="none" stroke="#2a7ade" stroke-width="2"/>`,
    '</svg>',
    '',
  ].join('\n');
}
