// Ports for what a benchmark starts.
import { createServer } from 'node:net';

/** Between those of the end-to-end tests and those the kernel hands out by itself. */
const FIRST = 30_000;
const SPAN = 500;
const RANGES = 5;
/** Of a system: gateway, desk, simulator, health and gRPC, and those of a first and second replica. */
const PROBED = [0, 1, 2, 200, 201, 207, 250, 251, 256, 100, 300, 350];

function isFree(port) {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Any free port. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The first port of a range that is free: two benchmarks may run at once, if badly. */
export async function freeRange() {
  for (let base = FIRST; base < FIRST + RANGES * SPAN; base += SPAN) {
    const free = await Promise.all(PROBED.map((offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
  throw new Error(`No free ports from ${FIRST} to ${FIRST + RANGES * SPAN}: stop what listens there.`);
}
