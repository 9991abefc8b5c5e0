import { createServer } from 'node:net';

/** Ports a system needs in a row, from the base on: public ones, then ops and gRPC with room for replicas. */
const SPAN = 600;

/** Whether nobody listens on a port. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** A base port whose neighbourhood is free at this moment, below the range the kernel hands out by itself. */
export async function freePortRange(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const base = 10_000 + Math.floor(Math.random() * 30) * SPAN;
    const sample = [0, 1, 2, 100, 200, 201, 207, 250, 251, 256, 300, 301, 350, 351];
    const free = await Promise.all(sample.map((offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
  throw new Error('No free range of ports was found.');
}
