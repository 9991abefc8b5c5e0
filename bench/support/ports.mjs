// Ports for what a benchmark starts.
import { isFree } from '../../tools/ports.mjs';

/** Between those of the end-to-end tests and those the kernel hands out by itself. */
const FIRST = 30_000;
const SPAN = 500;
const RANGES = 5;
/** Of a system: gateway, desk, simulator, health and gRPC, and those of a first and second replica. */
const PROBED = [0, 1, 2, 200, 201, 207, 250, 251, 256, 100, 300, 350];

/** The first port of a range that is free: two benchmarks may run at once, if badly. */
export async function freeRange() {
  for (let base = FIRST; base < FIRST + RANGES * SPAN; base += SPAN) {
    const free = await Promise.all(PROBED.map((offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
  throw new Error(`No free ports from ${FIRST} to ${FIRST + RANGES * SPAN}: stop what listens there.`);
}
