import { dayOf, type Head } from '../domain/chain.js';
import { badChain } from '../domain/errors.js';
import { Verifier, type Findings } from '../domain/verifier.js';
import { checkSignatures } from '../domain/verify-signatures.js';
import type { Clock } from '../ports/clock.port.js';
import type { Heads, Signatures } from '../ports/heads.port.js';
import type { Signer } from '../ports/signer.port.js';
import type { Trail } from '../ports/trail.port.js';

const CHAIN = /^\d{4}-\d{2}-\d{2}\/[a-z.]+\/\d+$/;
/** A day that is over is signed within the hour; after two it is late. */
const LATE_MS = 2 * 3_600_000;

/** What a verification found, and how many signed days it stands on. */
export interface Verdict extends Findings {
  readonly signedDays: number;
}

/** Reads the whole trail, or one chain of it, compares it with what was signed, and says what does not fit. */
export class VerifyChains {
  constructor(
    private readonly trail: Trail,
    private readonly heads: Heads,
    private readonly signer: Signer,
    private readonly clock: Clock,
  ) {}

  async run(chain = ''): Promise<Verdict> {
    if (chain !== '' && !CHAIN.test(chain)) throw badChain();
    const only = chain || undefined;
    // Signatures and heads first: what is appended from now on lies behind them.
    const signed = await this.heads.signatures();
    const { problems, good } = checkSignatures(signed, (text, seal) => this.signer.verifies(text, seal));
    const retired = new Set(signed.retired.filter((day) => !problems.some((p) => p.chain === day.day)).map(dayOfRow));
    const verifier = new Verifier(expected(good, await this.trail.heads(only), retired, only));
    for (const problem of problems) if (!only || only.startsWith(problem.chain)) verifier.note(problem);
    for await (const entries of this.trail.read(only)) for (const entry of entries) verifier.read(entry);
    const findings = verifier.finish(await this.#ends(signed, only));
    if (!only)
      for (const day of await this.#unsigned())
        findings.problems.push({ chain: day, sequence: 0n, kind: 'not-signed' });
    return { ...findings, signedDays: signed.days.length };
  }

  /** Where chains end now: a signed day ends where it was signed, whatever stands elsewhere; a chain it does not list is empty. */
  async #ends({ heads, days }: Signatures, only?: string): Promise<Map<string, Head>> {
    const now = await this.trail.heads(only);
    const closed = new Set(days.map(dayOfRow));
    for (const chain of now.keys()) if (closed.has(chain.slice(0, 10))) now.delete(chain);
    for (const head of heads) now.set(head.chain, head);
    return now;
  }

  #unsigned(): Promise<string[]> {
    return this.heads.unsignedDays(dayOf(new Date(this.clock.now().getTime() - LATE_MS)));
  }
}

const dayOfRow = ({ day }: { day: string }): string => day;

/** What must be there: what was signed, and behind that what the service itself holds for the end of a chain. */
function expected(
  signed: readonly (Head & { chain: string })[],
  current: ReadonlyMap<string, Head>,
  retired: ReadonlySet<string>,
  only?: string,
): Map<string, Head> {
  const heads = new Map(current);
  for (const head of signed) if (!only || head.chain === only) heads.set(head.chain, head);
  for (const chain of heads.keys()) if (retired.has(chain.slice(0, 10))) heads.delete(chain);
  return heads;
}
