import { badChain } from '../domain/errors.js';
import { Verifier, type Findings } from '../domain/verifier.js';
import type { Trail } from '../ports/trail.port.js';

const CHAIN = /^\d{4}-\d{2}-\d{2}\/[a-z.]+\/\d+$/;

/** Reads the whole trail, or one chain of it, and says what does not fit. */
export class VerifyChains {
  constructor(private readonly trail: Trail) {}

  async run(chain = ''): Promise<Findings> {
    if (chain !== '' && !CHAIN.test(chain)) throw badChain();
    const only = chain || undefined;
    // Heads first: what is appended from now on lies behind them.
    const verifier = new Verifier(await this.trail.heads(only));
    for await (const entries of this.trail.read(only)) for (const entry of entries) verifier.read(entry);
    return verifier.finish();
  }
}
