// npm run faults: customers write to a whole Parley while everything in it is killed, paused and cut; then the outside is read.
import { main as faults } from '../../e2e/faults/command.mjs';

export async function main(args) {
  const code = await faults(args);
  // At once: the HTTP client goes on looking after connections to processes that were killed, and nothing is left to do.
  process.exit(code);
}
