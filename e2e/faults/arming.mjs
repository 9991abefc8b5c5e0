// Arms places for `kill-at.mjs` and reads what became of them. For the fault run and for tests.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { places } from '@parley/resilience';

const OF_KAFKA = /^event-bus\.(kafka|relay)\.|^event-bus\.position\.committed$|^postgres\.outbox\./;
const OF_EMBEDDED = /^event-bus\.(log|heartbeat)\./;

/** Which app stands for a place of a library: one that passes it in ordinary work. */
const APP_OF = {
  'event-bus.batch.acknowledged': 'gateway',
  'event-bus.partition.ending': 'conversation-service',
  'event-bus.letter.keeping': 'conversation-service',
  'event-bus.letter.kept': 'conversation-service',
};
/** The rest is passed by everybody who consumes, and matters most where the answer is decided. */
const ANYBODY = 'conversation-service';

/** Every place that can be passed on a bus, with the app it is best armed in. */
export function placesOn(bus) {
  const elsewhere = bus === 'kafka' ? OF_EMBEDDED : OF_KAFKA;
  return Object.keys(places)
    .filter((place) => !elsewhere.test(place))
    .map((place) => ({ app: appOf(place), place }));
}

/** The app a place is in, or the one that stands for it when it is in a library. */
export function appOf(place) {
  const [owner] = place.split('.');
  return owner === 'event-bus' || owner === 'postgres' ? (APP_OF[place] ?? ANYBODY) : owner;
}

/** Arms a place; see kill-at.mjs for what a plan may say. Whatever was armed there before is over. */
export function arm(dir, app, place, plan) {
  if (!(place in places)) throw new Error(`There is no place "${place}".`);
  const folder = join(dir, app);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `.${place}`), JSON.stringify(plan));
  renameSync(join(folder, `.${place}`), join(folder, `${place}.json`));
}

/** Takes a plan away; returns whether it was still there. */
export function disarm(dir, app, place) {
  const file = join(dir, app, `${place}.json`);
  const was = existsSync(file);
  rmSync(file, { force: true });
  return was;
}

/** Every strike so far, oldest first. */
export function fired(dir) {
  const file = join(dir, 'fired.jsonl');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line));
}

/** How often each place was passed, by app: all processes of an app together. */
export function seen(dir) {
  const folder = join(dir, 'seen');
  const counts = {};
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')) : [];
  for (const file of files) {
    const { app, places: passed } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    const sums = (counts[app] ??= {});
    for (const [place, n] of Object.entries(passed)) sums[place] = (sums[place] ?? 0) + n;
  }
  return counts;
}
