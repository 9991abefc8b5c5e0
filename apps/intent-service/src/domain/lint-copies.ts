import { folded, normalise, tokens } from './normalise.js';
import { disagree, sharing, shown, type Finding, type Row } from './lint-finding.js';
import { isHeldOut } from './utterance.js';

/** Rows in one language that say exactly the same and do not mean the same: whatever is learned from one, the other unlearns. */
export function contradictions(rows: readonly Row[]): Finding {
  const groups = sharing(rows, ({ language, text }) => `${language} ${normalise(text)}`).filter(disagree);
  return findingOf('one text, one language, several intents', true, groups);
}

/** Words of a text, whatever signs and numbers stand between them; of a text of numbers itself; empty for one of signs. */
function wording({ text }: Row): string {
  const words = tokens(folded(text)).filter((token) => token !== '?' && token !== '!');
  return words.some((word) => word !== '0') ? words.join(' ') : normalise(text);
}

/** Rows with the same words: of several intents, or again. */
export function copies(rows: readonly Row[]): Finding[] {
  const groups = sharing(rows, wording);
  const again = groups.flatMap((group) => sharing(group, ({ language, intent }) => `${language} ${intent}`));
  return [
    findingOf('the same words, several intents', false, groups.filter(disagree)),
    findingOf('the same words again in one language', false, again),
  ];
}

function findingOf(check: string, hard: boolean, groups: readonly Row[][]): Finding {
  const worst = [...groups].sort((a, b) => b.length - a.length);
  const count = groups.reduce((sum, { length }) => sum + length - 1, 0);
  return { check, hard, count, worst: worst.map((group) => group.map(shown).join('  =  ')) };
}

/** Pieces of this many characters are compared. */
const PIECE = 4;
/** Texts with fewer pieces are alike by being short. */
const FEWEST = 8;
/** Two texts are nearly the same when they share this much of all the pieces of both. */
const ALIKE = 0.8;

interface Pair {
  one: Row;
  other: Row;
  alike: number;
}

/**
 * Rows that nearly say the same: of several intents, again, or learned although a twin is held out (which makes figures look
 * better than they are). Every pair is found: two texts that share four fifths of their pieces share one of the rarest fifth.
 */
export function nearCopies(rows: readonly Row[]): Finding[] {
  const pairs = pairsAmong(distinct(rows));
  const held = pairs.filter(({ one, other }) => isHeldOut(one) !== isHeldOut(other));
  return [
    pairsFinding(
      'nearly the same, several intents',
      pairs.filter(({ one, other }) => disagree([one, other])),
    ),
    pairsFinding(
      'nearly the same again',
      pairs.filter(({ one, other }) => !disagree([one, other])),
    ),
    pairsFinding('held out, and nearly the same learned', held),
  ];
}

function distinct(rows: readonly Row[]): Row[] {
  const again = new Set(sharing(rows, wording).flatMap(([, ...others]) => others));
  return rows.filter((row) => !again.has(row));
}

function pairsFinding(check: string, pairs: readonly Pair[]): Finding {
  const worst = [...pairs].sort((a, b) => b.alike - a.alike);
  const line = ({ one, other, alike }: Pair): string => `${alike.toFixed(2)}  ${shown(one)}  ~  ${shown(other)}`;
  return { check, hard: false, count: pairs.length, worst: worst.map(line) };
}

function piecesOf(row: Row): Set<string> {
  const padded = ` ${wording(row)} `;
  return new Set(
    Array.from({ length: Math.max(0, padded.length - PIECE + 1) }, (_, at) => padded.slice(at, at + PIECE)),
  );
}

/** A row with its pieces as numbers, the rarest first: the higher the number, the more rows have the piece. */
interface Cut {
  row: Row;
  pieces: Int32Array;
}

function cut(rows: readonly Row[]): Cut[] {
  const cuts = rows.map((row) => ({ row, pieces: piecesOf(row) })).filter(({ pieces }) => pieces.size >= FEWEST);
  const common = new Map<string, number>();
  for (const { pieces } of cuts) for (const piece of pieces) common.set(piece, (common.get(piece) ?? 0) + 1);
  const ranked = [...common].sort((a, b) => a[1] - b[1]).map(([piece], rank) => [piece, rank] as const);
  const ranks = new Map(ranked);
  return cuts.map(({ row, pieces }) => ({
    row,
    pieces: Int32Array.from(pieces, (piece) => ranks.get(piece) ?? 0).sort(),
  }));
}

function pairsAmong(rows: readonly Row[]): Pair[] {
  const cuts = cut(rows);
  const seen = new Map<number, number[]>();
  return cuts.flatMap(({ row, pieces }, at) => {
    const candidates = new Set<number>();
    for (const piece of pieces.subarray(0, pieces.length - Math.ceil(ALIKE * pieces.length) + 1)) {
      const earlier = seen.get(piece) ?? [];
      for (const candidate of earlier) candidates.add(candidate);
      earlier.push(at);
      seen.set(piece, earlier);
    }
    return [...candidates].flatMap((earlier): Pair[] => {
      const candidate = cuts[earlier];
      const alike = candidate ? share(pieces, candidate.pieces) : 0;
      return candidate && alike >= ALIKE ? [{ one: candidate.row, other: row, alike }] : [];
    });
  });
}

/** How much of all the pieces of both, in ascending order, are in both. */
function share(one: Int32Array, other: Int32Array): number {
  let both = 0;
  for (let left = 0, right = 0; left < one.length && right < other.length;) {
    const ahead = (one[left] ?? 0) - (other[right] ?? 0);
    if (ahead === 0) both += 1;
    if (ahead <= 0) left += 1;
    if (ahead >= 0) right += 1;
  }
  return both / (one.length + other.length - both);
}
