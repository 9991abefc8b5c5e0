import { createServer } from 'node:net';

/** A TCP port of 127.0.0.1 that nothing listens on right now. Prefer port 0 where the code under test can tell its port. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
  await new Promise((resolve) => server.close(resolve));
  return port;
}
