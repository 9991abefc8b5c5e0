// The end of a run: nothing is sent any more, and the outside world has caught up.
import { setTimeout as sleep } from 'node:timers/promises';
import { check } from './checker.mjs';

const QUIET_MS = 3000;
const MOST_QUIET_MS = 120_000;
/** How long consumers may make no progress before they count as done. */
const CATCH_UP_MS = 25_000;
/** Only an outside world that cannot be read at all takes this long. */
const MOST_READING_MS = 1_200_000;
const RETRIED = new Set([190, 130429, 131056]);
const SILENT = new Set(['timeout', 'reset', 'http_error']);

/** Waits until nothing is sent any more, and every send has an outcome. */
export async function quiet(history) {
  const began = Date.now();
  while (Date.now() - began < MOST_QUIET_MS) {
    await sleep(250);
    const sends = history.records.filter(({ t }) => t === 'send');
    const recent = Math.max(sends.at(-1)?.at ?? 0, began);
    if (Date.now() - recent >= QUIET_MS && openSends(sends) === 0) return;
  }
}

/** Reads the outside world until the checker is content, or nothing gets better any more. */
export async function readUntilGreen(read, history, say) {
  let outside = [];
  let least = Infinity;
  let better = Date.now();
  // However long one reading takes: there is always another after it when consumers may have got further meanwhile.
  for (let until = better + MOST_READING_MS; Date.now() < until;) {
    const began = Date.now();
    const found = await read().catch((error) => say(`reading again: ${error.message}`));
    if (found) {
      outside = found;
      const { green, violations } = check([...history.records, ...outside]);
      if (green) break;
      if (violations.length < least) better = Date.now();
      else if (began - better >= CATCH_UP_MS) break;
      least = Math.min(least, violations.length);
    }
    await sleep(2000);
  }
  return { outside };
}

/** Sends whose last POST told nothing final: neither taken nor refused for good. */
function openSends(sends) {
  const last = new Map();
  for (const { sendId, result } of sends) {
    const known = last.get(sendId);
    const accepted = known?.accepted || result.accepted;
    last.set(sendId, { accepted, code: result.code, kind: result.kind, posts: (known?.posts ?? 0) + 1 });
  }
  return [...last.values()].filter(
    ({ accepted, code, kind, posts }) => !accepted && (RETRIED.has(code) || (SILENT.has(kind) && posts < 2)),
  ).length;
}
